# The Perl peer: Crypt::JWT, as the distribution has it.
# Usage: driver.pl version | mint FOLDER... | verify FOLDER... (see docs/interop.md).
use strict;
use warnings;
use Crypt::JWT qw(encode_jwt decode_jwt);
use JSON::PP qw(decode_json);

my ($verb, @folders) = @ARGV;
if ($verb eq 'version') {
    printf "%s, CryptX %s\n", $Crypt::JWT::VERSION, do { require CryptX; $CryptX::VERSION };
}
for my $folder (@folders) {
    $verb eq 'mint' ? mint($folder) : verify($folder);
}

sub mint {
    my ($folder) = @_;
    my $key       = read_text("$folder/private.pem");
    my $algorithm = read_text("$folder/algorithm");
    # Left to itself Crypt::JWT writes no typ, which ioctl's tokens need.
    my %header    = $algorithm eq 'ES256' ? (typ => 'JWT') : ();
    my @tokens    = map {
        encode_jwt(payload => decode_json($_), key => \$key, alg => $algorithm, extra_headers => {%header})
    } read_lines("$folder/claims.jsonl");
    write_lines("$folder/tokens", @tokens);
}

sub verify {
    my ($folder) = @_;
    my $key       = read_text("$folder/public.pem");
    my $algorithm = read_text("$folder/algorithm");
    my $audience  = read_text("$folder/audience");
    my @options   = $audience eq '' ? () : (verify_aud => $audience);
    my @answers   = map {
        my $token = $_;
        eval { decode_jwt(token => $token, key => \$key, accepted_alg => $algorithm, @options); 1 }
            ? 'true'
            : 'false ' . ($@ =~ tr/\n/ /r);
    } read_lines("$folder/tokens");
    write_lines("$folder/accepted", @answers);
}

sub read_text {
    my ($path) = @_;
    open my $file, '<:raw', $path or die "$path: $!";
    local $/;
    my $text = <$file>;
    return $text // '';
}

sub read_lines {
    my ($path) = @_;
    return split /\n/, read_text($path);
}

sub write_lines {
    my ($path, @lines) = @_;
    open my $file, '>:raw', $path or die "$path: $!";
    print {$file} map { "$_\n" } @lines;
    close $file or die "$path: $!";
}

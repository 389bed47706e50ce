<?php
// The PHP peer: nothing but the openssl extension. It speaks DER, a JWS wants r||s.
// Usage: driver.php version | mint FOLDER... | verify FOLDER... (see docs/interop.md).
declare(strict_types=1);

const SCALAR_BYTES = 32;

[, $verb] = $argv;
if ($verb === 'version') {
    echo PHP_VERSION, ', ', implode(' ', array_slice(explode(' ', OPENSSL_VERSION_TEXT), 0, 2)), "\n";
}
foreach (array_slice($argv, 2) as $folder) {
    $verb === 'mint' ? mint($folder) : verify($folder);
}

function mint(string $folder): void
{
    $key = openssl_pkey_get_private(file_get_contents("$folder/private.pem"));
    $algorithm = file_get_contents("$folder/algorithm");
    $tokens = [];
    foreach (file("$folder/claims.jsonl", FILE_IGNORE_NEW_LINES) as $line) {
        $header = json_encode(['alg' => $algorithm, 'typ' => 'JWT']);
        $payload = json_encode(json_decode($line, false, 512, JSON_THROW_ON_ERROR), JSON_THROW_ON_ERROR);
        $input = to_base64url($header) . '.' . to_base64url($payload);
        if (!openssl_sign($input, $signature, $key, OPENSSL_ALGO_SHA256)) {
            throw new RuntimeException((string) openssl_error_string());
        }
        $tokens[] = $input . '.' . to_base64url($algorithm === 'RS256' ? $signature : from_der($signature));
    }
    write_lines("$folder/tokens", $tokens);
}

function verify(string $folder): void
{
    $key = openssl_pkey_get_public(file_get_contents("$folder/public.pem"));
    $algorithm = file_get_contents("$folder/algorithm");
    $audience = file_get_contents("$folder/audience");
    $answers = [];
    foreach (file("$folder/tokens", FILE_IGNORE_NEW_LINES) as $token) {
        $answers[] = is_good($token, $key, $algorithm, $audience) ? 'true' : 'false';
    }
    write_lines("$folder/accepted", $answers);
}

function is_good(string $token, OpenSSLAsymmetricKey $key, string $algorithm, string $audience): bool
{
    $parts = explode('.', $token);
    if (count($parts) !== 3) {
        return false;
    }
    [$header, $payload, $signature] = array_map(from_base64url(...), $parts);
    $claims = json_decode($payload);
    if (!is_object($claims) || (json_decode($header)->alg ?? null) !== $algorithm) {
        return false;
    }
    if ($audience !== '' && !in_array($audience, (array) ($claims->aud ?? []), true)) {
        return false;
    }
    if ($algorithm !== 'RS256') {
        if (strlen($signature) !== 2 * SCALAR_BYTES) {
            return false;
        }
        $signature = to_der($signature);
    }
    return $claims->exp > time() && openssl_verify("$parts[0].$parts[1]", $signature, $key, OPENSSL_ALGO_SHA256) === 1;
}

/** ECDSA-Sig-Value (RFC 3279 2.2.3) to r||s: two INTEGERs shorter than 128 bytes inside a SEQUENCE. */
function from_der(string $der): string
{
    $scalars = '';
    $at = 2;
    foreach ([0, 1] as $_) {
        $length = ord($der[$at + 1]);
        $integer = ltrim(substr($der, $at + 2, $length), "\0");
        $scalars .= str_pad($integer, SCALAR_BYTES, "\0", STR_PAD_LEFT);
        $at += 2 + $length;
    }
    return $scalars;
}

function to_der(string $scalars): string
{
    $body = '';
    foreach (str_split($scalars, SCALAR_BYTES) as $scalar) {
        $integer = ltrim($scalar, "\0");
        if ($integer === '' || ord($integer[0]) >= 0x80) {
            $integer = "\0" . $integer;
        }
        $body .= "\x02" . chr(strlen($integer)) . $integer;
    }
    return "\x30" . chr(strlen($body)) . $body;
}

function to_base64url(string $bytes): string
{
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

function from_base64url(string $text): string
{
    return (string) base64_decode(strtr($text, '-_', '+/'), true);
}

function write_lines(string $path, array $lines): void
{
    file_put_contents($path, implode('', array_map(fn (string $line): string => "$line\n", $lines)));
}

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.crypto.bc.BouncyCastleProviderSingleton;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/**
 * The Java peer: nimbus-jose-jwt, with Bouncy Castle for secp256k1, which Java itself dropped.
 * Usage: Driver version | mint FOLDER... | verify FOLDER... (see docs/interop.md).
 */
final class Driver {
	public static void main(String[] arguments) throws Exception {
		Security.addProvider(BouncyCastleProviderSingleton.getInstance());
		String verb = arguments[0];
		if (verb.equals("version")) System.out.println(version());
		for (int at = 1; at < arguments.length; at++) {
			Path folder = Path.of(arguments[at]);
			if (verb.equals("mint")) mint(folder);
			else verify(folder);
		}
	}

	private static String version() throws IOException {
		Properties properties = new Properties();
		String path = "/META-INF/maven/com.nimbusds/nimbus-jose-jwt/pom.properties";
		try (InputStream file = JWK.class.getResourceAsStream(path)) {
			properties.load(file);
		}
		return properties.getProperty("version") + ", Java " + Runtime.version().feature();
	}

	private static void mint(Path folder) throws Exception {
		// It reads no EC key from PKCS#8 without its public key beside it, be that inside or not.
		String pem = Files.readString(folder.resolve("private.pem")) + Files.readString(folder.resolve("public.pem"));
		JWK key = JWK.parseFromPEMEncodedObjects(pem);
		JWSAlgorithm algorithm = JWSAlgorithm.parse(Files.readString(folder.resolve("algorithm")));
		JWSHeader header = new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT).build();
		JWSSigner signer =
			algorithm.equals(JWSAlgorithm.RS256) ? new RSASSASigner(key.toRSAKey()) : new ECDSASigner(key.toECKey());
		if (signer instanceof ECDSASigner) {
			signer.getJCAContext().setProvider(BouncyCastleProviderSingleton.getInstance());
		}
		List<String> tokens = new ArrayList<>();
		for (String line : Files.readAllLines(folder.resolve("claims.jsonl"))) {
			SignedJWT token = new SignedJWT(header, JWTClaimsSet.parse(line));
			token.sign(signer);
			tokens.add(token.serialize());
		}
		Files.write(folder.resolve("tokens"), tokens);
	}

	private static void verify(Path folder) throws Exception {
		JWK key = JWK.parseFromPEMEncodedObjects(Files.readString(folder.resolve("public.pem")));
		JWSAlgorithm algorithm = JWSAlgorithm.parse(Files.readString(folder.resolve("algorithm")));
		String audience = Files.readString(folder.resolve("audience"));
		JWSVerifier verifier =
			algorithm.equals(JWSAlgorithm.RS256) ? new RSASSAVerifier(key.toRSAKey()) : new ECDSAVerifier(key.toECKey());
		if (verifier instanceof ECDSAVerifier) {
			verifier.getJCAContext().setProvider(BouncyCastleProviderSingleton.getInstance());
		}
		DefaultJWTClaimsVerifier<?> claims =
			new DefaultJWTClaimsVerifier<>(audience.isEmpty() ? null : audience, null, Set.of("exp"));
		List<String> answers = new ArrayList<>();
		for (String line : Files.readAllLines(folder.resolve("tokens"))) {
			answers.add(refusalOf(line, algorithm, verifier, claims));
		}
		Files.write(folder.resolve("accepted"), answers);
	}

	private static String refusalOf(
		String line, JWSAlgorithm algorithm, JWSVerifier verifier, DefaultJWTClaimsVerifier<?> claims
	) {
		try {
			SignedJWT token = SignedJWT.parse(line);
			if (!token.getHeader().getAlgorithm().equals(algorithm)) return "false another algorithm";
			if (!token.verify(verifier)) return "false signature";
			claims.verify(token.getJWTClaimsSet(), null);
			return "true";
		} catch (Exception error) {
			return "false " + error.toString().replace('\n', ' ');
		}
	}
}

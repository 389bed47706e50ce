/**
 * Certificates of the hosts, made with openssl: a valid one, and those of no use.
 * @module
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setDefaultCACertificates } from "node:tls";
import { DOMAIN } from "./host-names.ts";

/** What is wrong with a certificate. */
export type CertificateName = "untrusted" | "expired" | "other-name";

/** A key, and certificates of it. */
export interface Certificates extends Readonly<Record<CertificateName | "valid", string>> {
	readonly key: string;
}

/** Makes the certificates, and lets this process trust all but one of them. */
export function createCertificates(): Certificates {
	const folder = mkdtempSync(join(tmpdir(), "orgpass-faults-"));
	const key = join(folder, "key");
	openssl("ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", key);
	const made = {
		key: readFileSync(key, "utf8"),
		valid: sign(`*.${DOMAIN}`, 2),
		untrusted: sign(`*.${DOMAIN}`, 3),
		expired: sign(`*.${DOMAIN}`, -1),
		"other-name": sign("*.example", 2),
	};
	rmSync(folder, { recursive: true });
	setDefaultCACertificates([made.valid, made.expired, made["other-name"]]);
	return made;

	function sign(name: string, days: number): string {
		const request = join(folder, "request");
		const subject = ["-subj", `/CN=${days} ${name}`, "-addext", `subjectAltName=DNS:${name}`];
		openssl("req", "-new", "-key", key, ...subject, "-out", request);
		const signing = ["-signkey", key, "-days", String(days), "-copy_extensions", "copy"];
		return openssl("x509", "-req", "-in", request, ...signing);
	}
}

function openssl(...args: readonly string[]): string {
	return execFileSync("openssl", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

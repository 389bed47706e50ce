/**
 * Requests to untrusted hosts, and their responses. All requests of the package are made this way, so that what a host
 * sends is limited in one place.
 * @module
 */

export interface HttpRequest {
	readonly url: URL;
	readonly headers: Readonly<Record<string, string>>;
	/** The request is a POST if it has a body. */
	readonly body?: Uint8Array<ArrayBuffer> | undefined;
	/** Ends the request at any stage and frees its resources. */
	readonly signal: AbortSignal;
}

/** The status and headers of a response, with its body still to be read. */
export interface HttpResponse {
	readonly status: number;
	/** A header's value by its lower-case name; multiple values are joined with commas. */
	header(name: string): string | undefined;
	/** Reads the decoded body; rejects with a {@link TransportError} as soon as it exceeds `maxBytes`. */
	readBody(maxBytes: number): Promise<Uint8Array<ArrayBuffer>>;
	/** Closes the connection without reading the rest of the body. */
	close(): void;
}

/** Why a response is rejected; network failures keep the platform's errors, with their errno. */
export type TransportFailure = "too-large" | "overhead" | "coding" | "status" | "redirect" | "json" | "content";

export class TransportError extends Error {
	override readonly name = "TransportError";
	readonly code: TransportFailure;
	/** The response's status, if that is the reason. */
	readonly status: number | undefined;

	constructor(code: TransportFailure, message: string, { status, cause }: { status?: number; cause?: unknown } = {}) {
		super(message, { cause });
		this.code = code;
		this.status = status;
	}
}

/** RFC 9110 sections 15.5.5 and 15.5.11. */
const ABSENCES: ReadonlySet<number> = new Set([404, 410]);
const REDIRECTS: ReadonlySet<number> = new Set([0, 301, 302, 303, 307, 308]);

/** The signal's reason says more than the error that aborting causes. */
export function reasonOf(signal: AbortSignal, error: unknown): unknown {
	return signal.aborted ? signal.reason : error;
}

export function assertOk({ status }: HttpResponse): void {
	if (status === 200) return;
	if (isRedirect(status)) throw new TransportError("redirect", "the host redirects", { status });
	throw new TransportError("status", `the host responded with status ${status}`, { status });
}

/** Whether a response says that there is nothing at the URL. Other errors say nothing about it. */
export function isAbsence(status: number): boolean {
	return ABSENCES.has(status);
}

/** Whether a response points elsewhere. Browsers hide such a response and report status 0. */
export function isRedirect(status: number): boolean {
	return REDIRECTS.has(status);
}

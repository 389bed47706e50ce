/**
 * What can go wrong at a host, as data. The lists of faults are in the other files.
 * @module
 */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { CertificateName } from "./certificates.ts";

/** A fault of any host. */
export interface Fault {
	/** What the host does, in the tables of docs/faults.md. */
	readonly name: string;
	/** Whether the host has an https URL. */
	readonly isSecure?: boolean;
	/** The error of the look-up of its name; `silence`: it never ends. */
	readonly lookup?: "ENOTFOUND" | "EAI_AGAIN" | "silence";
	/** Whether nothing listens on its port. */
	readonly isClosed?: boolean;
	/** Takes over each connection. */
	readonly onSocket?: (socket: Socket) => void;
	/** The certificate that it shows, instead of a valid one. */
	readonly certificate?: CertificateName;
	/** Responds to each request. */
	readonly respond?: (outgoing: ServerResponse) => void;
	/** Changes the body of an honest response. */
	readonly alter?: (body: Buffer) => Buffer | string;
	/** Whether a request lasts until its time limit. */
	readonly isSlow?: boolean;
	/** Whether the host says with it that it has something else, or nothing; otherwise it says nothing. */
	readonly isStatement?: boolean;
	/** Why an honest token may be refused. */
	readonly refusal?: string;
}

/** When a host fails, seen from the verifier. */
export type State = "cold" | "warm" | "past TTL" | "stale" | "watched";

/** What a caller gets, and what it costs. */
export interface Outcome {
	/** `accepted`, `accepted, stale`, or the status and the code. */
	readonly result: string;
	/** How often the time limit of one request passed meanwhile. */
	readonly deadlines: number;
	readonly requests: number;
}

/** What became of the three tokens of one trial. */
export interface TrialResult {
	readonly honest: Outcome;
	/** The results of tokens that must not be accepted, by what is wrong with them. */
	readonly bad: Readonly<Record<string, string>>;
}

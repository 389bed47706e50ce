/** @module */
import type { OrgRecord } from "orgpass/registry";
import type { JSX } from "preact";
import type { Connection } from "../../network.ts";
import type { Change } from "../changes/change.ts";
import { revokeKey } from "../changes/revoke-key.ts";
import { toCommand } from "../command-text.ts";
import { Command } from "./command.tsx";

interface NextStepProps {
	readonly change: Change;
	readonly connection: Connection;
	/** The organization that was changed. */
	readonly did: string;
	readonly record: OrgRecord | undefined;
	readonly onReview: (change: Change) => void;
}

/** What to do after a change. */
export function NextStep({ change, did, record, onReview }: NextStepProps): JSX.Element | null {
	const { next } = change;
	if (next === undefined) return null;
	if (next.kind === "register") return <p class="next">Now register a key, so that somebody can sign in as it.</p>;
	if (next.kind === "publish") return <p class="next">Now publish its document, which lists its keys.</p>;
	if (next.kind === "accept") {
		return (
			<p class="next">Now {next.director} has to accept: open this page with that account, and this organization.</p>
		);
	}
	return (
		<>
			<TryIt keyId={next.keyId} keyFile={next.keyFile} audience={did} />
			{next.kind === "revoke" && record?.did === did && (
				<div class="next">
					<p>When no server signs with #{next.fragment} any more, for example in a day, revoke it.</p>
					<button type="button" onClick={() => onReview(revokeKey(record, next.fragment))}>
						Revoke #{next.fragment} now
					</button>
				</div>
			)}
		</>
	);
}

interface TryItProps {
	readonly keyId: string;
	readonly keyFile: string;
	readonly audience: string;
}

/** A token with the new key, for the organization itself. */
function TryIt({ keyId, keyFile, audience }: TryItProps): JSX.Element {
	const mint = ["token", "mint", "--key", keyFile, "--issuer", keyId, "--audience", audience, "--scope", "read"];
	return (
		<div class="next">
			<p>
				Now mint a token where the key is, and see in <a href="./index.html">the inspector</a> that it is accepted:
			</p>
			<Command text={toCommand(mint)} />
		</div>
	);
}

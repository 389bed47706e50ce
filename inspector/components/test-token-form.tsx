/** @module */
import type { OrgRecord } from "orgpass/registry";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Sample } from "../judging/samples.ts";
import type { TestToken } from "../judging/test-token.ts";
import type { Connection } from "../network.ts";
import { useTask } from "../use-task.ts";

interface TestTokenFormProps {
	readonly connection: Connection;
	/** What the verifier expects; empty if that isn't known. */
	readonly audience: string;
	readonly onToken: (sample: Sample) => void;
}

/** Makes a token that the local chain accepts, and revokes its key. */
export function TestTokenForm({ connection, audience, onToken }: TestTokenFormProps): JSX.Element {
	const [organizations, setOrganizations] = useState<readonly OrgRecord[]>([]);
	const [chosen, setChosen] = useState("");
	const [made, setMade] = useState<TestToken>();
	const { isBusy, message, isError, run } = useTask();
	const list = (): Promise<void> =>
		run("", async () => {
			const { findOrganizations } = await import("../judging/test-token.ts");
			setOrganizations(await findOrganizations(connection));
			return "";
		});
	const make = (): Promise<void> =>
		run("Registering a new key…", async () => {
			const { makeTestToken, findOrganizations } = await import("../judging/test-token.ts");
			const organization = organizations.find(({ did }) => did === chosen);
			if (chosen !== "" && organization === undefined) {
				throw new Error(`${chosen} doesn't belong to the node's accounts any more`);
			}
			const token = await makeTestToken(connection, { organization, audience });
			setMade(token);
			onToken(token);
			setOrganizations(await findOrganizations(connection));
			setChosen(token.organization);
			return `The key ${token.issuer} is registered. Its private half is already forgotten.`;
		});
	const revoke = async (): Promise<void> => {
		if (made === undefined) return;
		await run("Revoking the key…", async () => {
			await made.revoke();
			setMade(undefined);
			return `The key ${made.issuer} is revoked.`;
		});
	};
	return (
		<details class="test-token" onToggle={({ currentTarget }) => currentTarget.open && list()}>
			<summary>Make a test token</summary>
			<p class="aside">
				With a new key, made in this page and registered by an account of the local chain. It is never stored.
			</p>
			<OrganizationField {...{ organizations, chosen }} onChoose={setChosen} />
			<div class="actions">
				<button type="button" aria-disabled={isBusy} onClick={make}>
					Make the token
				</button>
				<button type="button" aria-disabled={isBusy || made === undefined} onClick={revoke}>
					Revoke its key
				</button>
			</div>
			<p class={isError ? "error denied" : "aside"} aria-live="polite">
				{message}
			</p>
		</details>
	);
}

interface OrganizationFieldProps {
	readonly organizations: readonly OrgRecord[];
	/** A DID; empty for a new organization. */
	readonly chosen: string;
	readonly onChoose: (did: string) => void;
}

function OrganizationField({ organizations, chosen, onChoose }: OrganizationFieldProps): JSX.Element {
	return (
		<label>
			Organization
			<select value={chosen} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
				<option value="">a new one</option>
				{organizations.map(({ did }) => (
					<option key={did} value={did}>
						{did}
					</option>
				))}
			</select>
		</label>
	);
}

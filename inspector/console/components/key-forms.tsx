/** @module */
import { isFragment } from "orgpass/did";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Change, Organization } from "../changes/change.ts";
import { registerKey, rotateKey } from "../changes/register-key.ts";
import { revokeKey } from "../changes/revoke-key.ts";
import type { GivenKey } from "../make-key.ts";
import { KeySource } from "./key-source.tsx";
import { ReviewForm } from "./review-form.tsx";

interface KeyFormProps {
	readonly organization: Organization;
	readonly onReview: (change: Change) => void;
}

interface RegisterKeyFormProps extends KeyFormProps {
	/** Whether it replaces another key. */
	readonly isReplacement?: boolean;
}

/** Registers a key, once its private half is in safe hands. */
export function RegisterKeyForm({ organization, isReplacement = false, onReview }: RegisterKeyFormProps): JSX.Element {
	const [oldFragment, setOldFragment] = useState("");
	const [fragment, setFragment] = useState("");
	const [until, setUntil] = useState("");
	const [key, setKey] = useState<GivenKey>();
	const validUntil = until === "" ? undefined : Math.floor(new Date(until).getTime() / 1_000);
	const missing = findMissing(fragment, validUntil, key);
	const submit = (): void => {
		if (key === undefined) return;
		const registered = { ...key, fragment, validUntil };
		const replaced = organization.keys.find((known) => known.fragment === oldFragment) ?? organization.keys[0];
		onReview(
			isReplacement && replaced !== undefined
				? rotateKey(organization, replaced.fragment, registered)
				: registerKey(organization, registered),
		);
	};
	return (
		<ReviewForm missing={missing} onSubmit={submit}>
			{isReplacement && <KeyChoice label="The key to replace" {...{ organization, setFragment: setOldFragment }} />}
			<label class="field">
				{isReplacement ? "Name of the new key" : "Name"}
				<input
					type="text"
					required
					spellcheck={false}
					autocomplete="off"
					placeholder="webserver"
					value={fragment}
					onInput={({ currentTarget }) => setFragment(currentTarget.value)}
				/>
			</label>
			<label class="field">
				Valid until, in your local time; empty for no end
				<input type="datetime-local" value={until} onInput={({ currentTarget }) => setUntil(currentTarget.value)} />
			</label>
			<KeySource name={fragment} onKey={setKey} />
		</ReviewForm>
	);
}

export function RevokeKeyForm({ organization, onReview }: KeyFormProps): JSX.Element {
	const [fragment, setFragment] = useState("");
	const chosen = organization.keys.find((known) => known.fragment === fragment) ?? organization.keys[0];
	return (
		<ReviewForm onSubmit={() => chosen !== undefined && onReview(revokeKey(organization, chosen.fragment))}>
			<KeyChoice label="The key" {...{ organization, setFragment }} />
		</ReviewForm>
	);
}

interface KeyChoiceProps {
	readonly label: string;
	readonly organization: Organization;
	readonly setFragment: (fragment: string) => void;
}

function KeyChoice({ label, organization, setFragment }: KeyChoiceProps): JSX.Element {
	return (
		<label class="field">
			{label}
			<select onChange={({ currentTarget }) => setFragment(currentTarget.value)}>
				{organization.keys.map(({ fragment }) => (
					<option key={fragment} value={fragment}>
						#{fragment}
					</option>
				))}
			</select>
		</label>
	);
}

function findMissing(fragment: string, validUntil: number | undefined, key: GivenKey | undefined): string {
	if (fragment === "") return "";
	if (!isFragment(fragment)) return "A name has 1 to 64 characters: 0-9, A-Z, a-z, _ and -.";
	if (validUntil !== undefined && validUntil <= Date.now() / 1_000) return "That time has passed.";
	return key === undefined ? "Make the key pair first, or paste a public key." : "";
}

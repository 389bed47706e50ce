/** @module */
import type { JSX } from "preact";
import type { Fields, FilledFields } from "../judging/fields.ts";
import { KIND_NAMES, type KindName, needOf } from "../judging/kinds.ts";

interface FieldFormProps {
	readonly kind: KindName;
	/** Undefined if the kind is the one that the token claims to be. */
	readonly chosenKind: KindName | undefined;
	readonly fields: Fields;
	readonly filled: FilledFields;
	readonly onKind: (kind: KindName | undefined) => void;
	readonly onFill: (filled: FilledFields) => void;
}

/** What the verifier knows. */
export function FieldForm({ kind, chosenKind, fields, filled, onKind, onFill }: FieldFormProps): JSX.Element {
	const need = needOf(kind);
	const props = (name: keyof Fields) => ({
		value: fields[name],
		isTaken: filled[name] === undefined && fields[name] !== "",
		onValue: (value: string) => onFill({ ...filled, [name]: value }),
	});
	return (
		<section class="fields" aria-labelledby="fields-title">
			<h2 id="fields-title">The verifier</h2>
			<label>
				Kind of token
				<select
					name="kind"
					value={chosenKind ?? ""}
					onChange={({ currentTarget }) => onKind((currentTarget.value || undefined) as KindName | undefined)}
				>
					<option value="">automatic: {kind}</option>
					{KIND_NAMES.map((name) => (
						<option key={name} value={name}>
							{name}
						</option>
					))}
				</select>
			</label>
			{need !== "trusted issuers" && (
				<TextField name="audience" label="Audience: the verifier's own DID or name" {...props("audience")} />
			)}
			{need === "trusted issuers" && (
				<TextField name="trustedIssuers" label="Trusted issuers: public keys" isLong {...props("trustedIssuers")} />
			)}
			{need === "app key" && <TextField name="appId" label="App: its id" {...props("appId")} />}
			{need === "app key" && (
				<TextField name="appKey" label="The app's public key: PEM or JWK" isLong {...props("appKey")} />
			)}
			<details>
				<summary>More</summary>
				<TextField name="scope" label="Scope that is required; empty for none" {...props("scope")} />
				<TextField name="now" label="Time to judge at, in seconds; empty for now" {...props("now")} />
			</details>
		</section>
	);
}

interface TextFieldProps {
	readonly name: string;
	readonly label: string;
	readonly value: string;
	/** Whether it was taken from the token. */
	readonly isTaken: boolean;
	readonly isLong?: boolean;
	readonly onValue: (value: string) => void;
}

function TextField({ name, label, value, isTaken, isLong = false, onValue }: TextFieldProps): JSX.Element {
	const common = {
		name,
		id: `field-${name}`,
		value,
		spellcheck: false,
		autocomplete: "off",
		"aria-describedby": isTaken ? `${name}-note` : undefined,
	};
	return (
		<div class="field">
			<label for={`field-${name}`}>{label}</label>
			{isLong ? (
				<textarea {...common} rows={3} onInput={({ currentTarget }) => onValue(currentTarget.value)} />
			) : (
				<input {...common} type="text" onInput={({ currentTarget }) => onValue(currentTarget.value)} />
			)}
			{isTaken && (
				<p class="taken" id={`${name}-note`}>
					Taken from the token. A verifier must never do that: enter what yours expects.
				</p>
			)}
		</div>
	);
}

/** @module */
import type { OrgRecord } from "orgpass/registry";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { isAddress } from "../address.ts";
import type { Change, Organization } from "../changes/change.ts";
import { acceptDirectorship, proposeDirector, removeDirector } from "../changes/set-director.ts";
import { transferOwnership } from "../changes/transfer-ownership.ts";
import { ReviewForm } from "./review-form.tsx";

interface TransferFormProps {
	readonly organization: Organization;
	readonly onReview: (change: Change) => void;
}

export function TransferForm({ organization, onReview }: TransferFormProps): JSX.Element {
	return (
		<AddressForm
			label="The new owner's address"
			onAddress={(address) => onReview(transferOwnership(organization, address))}
		/>
	);
}

interface DirectorFormsProps {
	readonly record: OrgRecord;
	readonly account: string;
	readonly proposedDirector: string | undefined;
	readonly onReview: (change: Change) => void;
}

/** What the owner may do, and what the account that was proposed may do. */
export function DirectorForms({ record, account, proposedDirector, onReview }: DirectorFormsProps): JSX.Element {
	return (
		<>
			<p class="aside">
				{record.director === undefined ? "There is no director" : `${record.director} is director`}
				{proposedDirector === undefined ? "." : `; ${proposedDirector} is proposed and hasn't accepted.`}
			</p>
			<AddressForm label="The director's address" onAddress={(to) => onReview(proposeDirector(record, to))} />
			<div class="actions">
				<button type="button" onClick={() => onReview(removeDirector(record))}>
					Remove the director
				</button>
				<button
					type="button"
					aria-disabled={account === ""}
					onClick={() => account !== "" && onReview(acceptDirectorship(record, account))}
				>
					Accept, as the account that was proposed
				</button>
			</div>
		</>
	);
}

interface AddressFormProps {
	readonly label: string;
	readonly onAddress: (address: `0x${string}`) => void;
}

function AddressForm({ label, onAddress }: AddressFormProps): JSX.Element {
	const [text, setText] = useState("");
	const address = text.trim();
	const missing = address === "" || isAddress(address) ? "" : "This isn't an address, 0x and 40 hex digits.";
	return (
		<ReviewForm missing={missing} onSubmit={() => isAddress(address) && onAddress(address)}>
			<label class="field">
				{label}
				<input
					type="text"
					required
					spellcheck={false}
					autocomplete="off"
					placeholder="0x…"
					value={text}
					onInput={({ currentTarget }) => setText(currentTarget.value)}
				/>
			</label>
		</ReviewForm>
	);
}

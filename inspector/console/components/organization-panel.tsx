/** @module */
import type { RegistryAdapter } from "orgpass/registry";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { isCoded } from "../../advice.ts";
import { messageOf } from "../../components/steps.tsx";
import type { Change } from "../changes/change.ts";
import { createOrganization } from "../changes/create-organization.ts";

interface OrganizationPanelProps {
	/** Empty if none is chosen. */
	readonly did: string;
	readonly error: Error | undefined;
	/** Undefined until it is known. */
	readonly adapter: RegistryAdapter | undefined;
	readonly onDid: (did: string) => void;
	readonly onReview: (change: Change) => void;
}

/** Which organization to change, or a new one. */
export function OrganizationPanel(props: OrganizationPanelProps): JSX.Element {
	const { did, error, adapter, onDid, onReview } = props;
	const needsDocument = adapter?.documentEvidence === "proof";
	const [typed, setTyped] = useState(did);
	useEffect(() => setTyped(did), [did]);
	const open = (event: Event): void => {
		event.preventDefault();
		onDid(typed.trim());
	};
	return (
		<section aria-labelledby="choice-title">
			<h2 id="choice-title">Organization</h2>
			<form onSubmit={open}>
				<label class="field">
					Its DID
					<input
						name="did"
						type="text"
						required
						spellcheck={false}
						autocomplete="off"
						placeholder="did:orgid:…"
						value={typed}
						onInput={({ currentTarget }) => setTyped(currentTarget.value)}
					/>
				</label>
				<div class="actions">
					<button type="submit">Open</button>
					{adapter !== undefined && !needsDocument && (
						<button type="button" onClick={() => onReview(createOrganization(adapter))}>
							Create a new one
						</button>
					)}
				</div>
			</form>
			{needsDocument && <CreationForm {...{ adapter, onReview }} />}
			{error !== undefined && (
				<p class="error denied" role="alert">
					{isCoded(error) ? messageOf(error) : error.message}
				</p>
			)}
		</section>
	);
}

interface CreationFormProps {
	readonly adapter: RegistryAdapter;
	readonly onReview: (change: Change) => void;
}

/** For registries whose organizations have a document from the beginning. */
function CreationForm({ adapter, onReview }: CreationFormProps): JSX.Element {
	const [uri, setUri] = useState("");
	const submit = (event: Event): void => {
		event.preventDefault();
		onReview(createOrganization(adapter, uri.trim()));
	};
	return (
		<form onSubmit={submit}>
			<label class="field">
				Where the document of a new one will be
				<input type="url" required value={uri} onInput={({ currentTarget }) => setUri(currentTarget.value)} />
			</label>
			<div class="actions">
				<button type="submit">Create a new one</button>
			</div>
		</form>
	);
}

/** @module */

import type { DocumentReference, OrgRecord } from "orgpass/registry";
import { hashDocument, inspectDocument } from "orgpass/resolver";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { makeVisible } from "../../token-parts.ts";
import type { Change } from "../changes/change.ts";
import { setDocument } from "../changes/set-document.ts";
import { ReviewForm } from "./review-form.tsx";

interface DocumentFormProps {
	readonly record: OrgRecord;
	readonly onReview: (change: Change) => void;
}

/** The document to publish. */
interface GivenDocument {
	readonly bytes: Uint8Array;
	readonly hash: `0x${string}`;
	readonly fileName: string;
}

const DEFAULT_NAME = "org.json";

/** Where the organization's document is; its hash is computed in the page. */
export function DocumentForm({ record, onReview }: DocumentFormProps): JSX.Element {
	const [uri, setUri] = useState("");
	const [backup, setBackup] = useState("");
	const [given, setGiven] = useState<GivenDocument>();
	const [problems, setProblems] = useState<readonly string[]>([]);
	const needsHash = record.documentEvidence === "hash";
	const submit = async (): Promise<void> => {
		const uris = [uri, backup].map((text) => text.trim()).filter((text) => text !== "");
		const document = needsHash && given !== undefined ? { uris, hash: given.hash } : { uris };
		const failures = given === undefined || !needsHash ? [] : await findFailures(given.bytes, record, document);
		setProblems(failures);
		if (failures.length === 0) onReview(setDocument(record, document, given?.fileName ?? DEFAULT_NAME));
	};
	return (
		<ReviewForm
			missing={needsHash && given === undefined && uri !== "" ? "Choose or paste the document." : ""}
			onSubmit={submit}
		>
			<UriField label="Its address" value={uri} isRequired onValue={setUri} />
			{needsHash && <UriField label="A second address, if the first one fails" value={backup} onValue={setBackup} />}
			{needsHash && <DocumentInput given={given} onDocument={setGiven} />}
			{problems.length > 0 && (
				<div class="notice" role="alert">
					<p>Verifiers would refuse this document:</p>
					<ul>
						{problems.map((problem) => (
							<li key={problem}>{problem}</li>
						))}
					</ul>
				</div>
			)}
			{record.document !== undefined && (
				<div class="actions">
					<button type="button" onClick={() => onReview(setDocument(record, undefined, DEFAULT_NAME))}>
						Remove the document
					</button>
				</div>
			)}
		</ReviewForm>
	);
}

interface UriFieldProps {
	readonly label: string;
	readonly value: string;
	readonly isRequired?: boolean;
	readonly onValue: (value: string) => void;
}

function UriField({ label, value, isRequired = false, onValue }: UriFieldProps): JSX.Element {
	return (
		<label class="field">
			{label}
			<input
				type="url"
				required={isRequired}
				placeholder="https://"
				value={value}
				onInput={({ currentTarget }) => onValue(currentTarget.value)}
			/>
		</label>
	);
}

interface DocumentInputProps {
	readonly given: GivenDocument | undefined;
	readonly onDocument: (document: GivenDocument | undefined) => void;
}

/** A file keeps its bytes; what is pasted has the line breaks of the page. */
function DocumentInput({ given, onDocument }: DocumentInputProps): JSX.Element {
	const [text, setText] = useState("");
	const read = async (file: File | undefined): Promise<void> => {
		if (file === undefined) return;
		const bytes = new Uint8Array(await file.arrayBuffer());
		setText(new TextDecoder().decode(bytes));
		onDocument({ bytes, hash: hashDocument(bytes), fileName: file.name });
	};
	const drop = (event: DragEvent): void => {
		event.preventDefault();
		void read(event.dataTransfer?.files[0]);
	};
	const paste = (pasted: string): void => {
		setText(pasted);
		const bytes = new TextEncoder().encode(pasted);
		onDocument(pasted.trim() === "" ? undefined : { bytes, hash: hashDocument(bytes), fileName: DEFAULT_NAME });
	};
	return (
		<>
			<label class="field">
				The document's file
				<input
					type="file"
					accept=".json,application/json"
					onChange={({ currentTarget }) => read(currentTarget.files?.[0])}
				/>
			</label>
			<label class="field">
				or drop it here, or paste its text
				<textarea
					rows={4}
					spellcheck={false}
					autocomplete="off"
					value={text}
					onDrop={drop}
					onInput={({ currentTarget }) => paste(currentTarget.value)}
				/>
			</label>
			{given !== undefined && (
				<p class="aside">
					{given.bytes.length.toLocaleString("en")} bytes, keccak-256 <code>{given.hash}</code>
				</p>
			)}
		</>
	);
}

/** Judges the document as verifiers do, once it is set. */
async function findFailures(
	bytes: Uint8Array,
	record: OrgRecord,
	document: DocumentReference,
): Promise<readonly string[]> {
	const { checks } = await inspectDocument(bytes, {
		record: { ...record, document },
		now: Math.floor(Date.now() / 1_000),
	});
	return checks.flatMap(({ name, message }) => (message === undefined ? [] : [makeVisible(`${name}: ${message}`)]));
}

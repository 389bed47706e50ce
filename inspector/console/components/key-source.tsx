/** @module */
import { importPublicKey } from "orgpass/keys";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { isCoded } from "../../advice.ts";
import { messageOf } from "../../components/steps.tsx";
import type { GivenKey } from "../make-key.ts";
import { KeyMaker } from "./key-maker.tsx";

interface KeySourceProps {
	/** The key's name, for its file; empty if it isn't entered yet. */
	readonly name: string;
	readonly onKey: (key: GivenKey | undefined) => void;
}

/** A key pair that is made here, or a public key from elsewhere. */
export function KeySource({ name, onKey }: KeySourceProps): JSX.Element {
	const [isPasted, setPasted] = useState(false);
	const choose = (pasted: boolean): void => {
		setPasted(pasted);
		onKey(undefined);
	};
	return (
		<fieldset>
			<legend>Key</legend>
			<label>
				<input type="radio" name="key-source" checked={!isPasted} onChange={() => choose(false)} /> Make a key pair in
				this page
			</label>
			<label>
				<input type="radio" name="key-source" checked={isPasted} onChange={() => choose(true)} /> I have a public key
			</label>
			{isPasted ? <PublicKeyField onKey={onKey} /> : <KeyMaker name={name} onKey={onKey} />}
		</fieldset>
	);
}

function PublicKeyField({ onKey }: Pick<KeySourceProps, "onKey">): JSX.Element {
	const [problem, setProblem] = useState("");
	const read = (text: string): void => {
		setProblem("");
		onKey(undefined);
		if (text.trim() === "") return;
		try {
			onKey({ publicKey: importPublicKey(text.trim()), keyFile: "KEY" });
		} catch (error) {
			setProblem(describe(error as Error));
		}
	};
	return (
		<label class="field">
			The public key: PEM, JWK or hexadecimal
			<textarea
				rows={3}
				spellcheck={false}
				autocomplete="off"
				onInput={({ currentTarget }) => read(currentTarget.value)}
			/>
			<span class="error denied" role="alert">
				{problem}
			</span>
		</label>
	);
}

function describe(error: Error): string {
	const hint = isCoded(error) ? error.details["hint"] : undefined;
	return typeof hint === "string" ? `${messageOf(error)} ${hint}` : messageOf(error);
}

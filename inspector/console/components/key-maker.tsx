/** @module */
import { isFragment } from "orgpass/did";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { type GivenKey, type KeyFileFormat, type MadeKey, makeKey } from "../make-key.ts";
import { saveFile } from "../save-file.ts";

interface KeyMakerProps {
	readonly name: string;
	readonly onKey: (key: GivenKey | undefined) => void;
}

/** Makes a key pair, whose private half is downloaded before the public one can be registered. */
export function KeyMaker({ name, onKey }: KeyMakerProps): JSX.Element {
	const [format, setFormat] = useState<KeyFileFormat>("pem");
	const [password, setPassword] = useState("");
	const [repeated, setRepeated] = useState("");
	const [made, setMade] = useState<MadeKey>();
	const [isBusy, setBusy] = useState(false);
	const [failure, setFailure] = useState("");
	const problem = findProblem({ name, format, password, repeated });
	const make = async (): Promise<void> => {
		if (problem !== "" || isBusy) return;
		setBusy(true);
		try {
			const key = await makeKey(name, format, password);
			saveFile(key.keyFile, key.secret);
			setMade(key);
			setPassword("");
			setRepeated("");
			onKey(key);
		} catch (error) {
			setFailure((error as Error).message);
		}
		setBusy(false);
	};
	if (made !== undefined) return <Downloaded made={made} />;
	return (
		<>
			<label class="field">
				File of the private half
				<select value={format} onChange={({ currentTarget }) => setFormat(currentTarget.value as KeyFileFormat)}>
					<option value="pem">PEM (PKCS #8), not encrypted</option>
					<option value="keystore">Web3 keystore, encrypted with a password</option>
				</select>
			</label>
			{format === "keystore" && (
				<>
					<PasswordField label="Password" value={password} onValue={setPassword} />
					<PasswordField label="The password again" value={repeated} onValue={setRepeated} />
				</>
			)}
			<div class="actions">
				<button type="button" aria-disabled={problem !== "" || isBusy} onClick={make}>
					Make and download
				</button>
				<span class="aside" role="status">
					{isBusy ? "Encrypting…" : problem || failure}
				</span>
			</div>
		</>
	);
}

function Downloaded({ made }: { readonly made: MadeKey }): JSX.Element {
	return (
		<div class="notice good">
			<p>
				<strong>{made.keyFile}</strong> was downloaded. It is the only copy of the private half: keep it where tokens
				are signed, and let nobody else read it, for example with <code>chmod 600</code>. This page doesn't store it,
				and forgets it once it is registered.
			</p>
			<button type="button" onClick={() => saveFile(made.keyFile, made.secret)}>
				Download again
			</button>
		</div>
	);
}

interface PasswordFieldProps {
	readonly label: string;
	readonly value: string;
	readonly onValue: (value: string) => void;
}

function PasswordField({ label, value, onValue }: PasswordFieldProps): JSX.Element {
	return (
		<label class="field">
			{label}
			<input
				type="password"
				autocomplete="new-password"
				value={value}
				onInput={({ currentTarget }) => onValue(currentTarget.value)}
			/>
		</label>
	);
}

interface Entered {
	readonly name: string;
	readonly format: KeyFileFormat;
	readonly password: string;
	readonly repeated: string;
}

function findProblem({ name, format, password, repeated }: Entered): string {
	if (!isFragment(name)) return "Enter its name first.";
	if (format === "pem") return "";
	if (password === "") return "Enter a password.";
	return password === repeated ? "" : "The passwords differ.";
}

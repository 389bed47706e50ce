/** @module */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

/** A command to copy. */
export function Command({ text }: { readonly text: string }): JSX.Element {
	const [state, setState] = useState("Copy");
	const copy = async (): Promise<void> => {
		try {
			await navigator.clipboard.writeText(text);
			setState("Copied");
		} catch {
			setState("Can't copy here");
		}
	};
	return (
		<div class="command">
			<code>{text}</code>
			<button type="button" aria-live="polite" onClick={copy} onBlur={() => setState("Copy")}>
				{state}
			</button>
		</div>
	);
}

/** @module */
import { useEffect, useState } from "preact/hooks";
import type { FilledFields } from "./judging/fields.ts";
import type { KindName } from "./judging/kinds.ts";
import type { Sample } from "./judging/samples.ts";
import { takeTokenFromAddress } from "./token-link.ts";

/** What the user has entered. */
export interface Input {
	/** The token, as it was pasted. */
	readonly text: string;
	readonly filled: FilledFields;
	/** Undefined if the kind is the one that the token claims to be. */
	readonly chosenKind: KindName | undefined;
	paste(text: string): void;
	/** Shows a token with the fields of its verifier. */
	show(sample: Sample): void;
	fill(filled: FilledFields): void;
	choose(kind: KindName | undefined): void;
}

export function useInput(initialText: string): Input {
	const [text, setText] = useState(initialText);
	const [filled, fill] = useState<FilledFields>({});
	const [chosenKind, choose] = useState<KindName>();
	const paste = (pasted: string): void => {
		setText(pasted);
		fill(({ audience: _, trustedIssuers: __, appId: ___, ...others }) => others);
	};
	const show = (sample: Sample): void => {
		setText(sample.token);
		fill(sample.filled);
		choose(undefined);
	};
	useTokenOfAddress(paste);
	return { text, filled, chosenKind, paste, show, fill, choose };
}

/** A link that is opened in the same tab only changes the fragment. */
function useTokenOfAddress(onToken: (token: string) => void): void {
	useEffect(() => {
		const take = (): void => {
			const token = takeTokenFromAddress();
			if (token !== undefined) onToken(token);
		};
		addEventListener("hashchange", take);
		return () => removeEventListener("hashchange", take);
	}, [onToken]);
}

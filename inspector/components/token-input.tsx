/** @module */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Sample } from "../judging/samples.ts";
import { linkTo } from "../token-link.ts";

interface TokenInputProps {
	readonly token: string;
	/** The chain of the samples. */
	readonly chainId: number;
	readonly onToken: (token: string) => void;
	readonly onSample: (sample: Sample) => void;
	readonly onAgain: () => void;
}

/** Where the token is pasted. */
export function TokenInput({ token, chainId, onToken, onSample, onAgain }: TokenInputProps): JSX.Element {
	return (
		<section class="input" aria-labelledby="input-title">
			<h2 id="input-title">
				<label for="token">Token</label>
			</h2>
			<textarea
				id="token"
				rows={5}
				spellcheck={false}
				autocomplete="off"
				placeholder="eyJ…"
				value={token}
				onInput={({ currentTarget }) => onToken(currentTarget.value)}
			/>
			<div class="actions">
				<Samples chainId={chainId} onSample={onSample} />
				{token !== "" && (
					<>
						<button type="button" onClick={onAgain}>
							Judge again
						</button>
						<CopyLink token={token} />
					</>
				)}
			</div>
			<p class="aside">The token stays in this page. The node only sees which organization is looked up.</p>
		</section>
	);
}

type SamplesProps = Pick<TokenInputProps, "chainId" | "onSample">;

/** Samples are signed when they are chosen. */
function Samples({ chainId, onSample }: SamplesProps): JSX.Element {
	const [names, setNames] = useState<readonly string[]>([]);
	const load = async (): Promise<void> => {
		const { SAMPLES } = await import("../judging/samples.ts");
		setNames(Object.keys(SAMPLES));
	};
	const choose = async (name: string): Promise<void> => {
		const { SAMPLES } = await import("../judging/samples.ts");
		onSample(await SAMPLES[name as keyof typeof SAMPLES](chainId));
	};
	return (
		<details class="samples" onToggle={load}>
			<summary>Samples</summary>
			<ul>
				{names.map((name) => (
					<li key={name}>
						<button type="button" onClick={() => choose(name)}>
							{name}
						</button>
					</li>
				))}
			</ul>
		</details>
	);
}

function CopyLink({ token }: { readonly token: string }): JSX.Element {
	const [state, setState] = useState("Copy link");
	const copy = async (): Promise<void> => {
		try {
			await navigator.clipboard.writeText(linkTo(token));
			setState("Copied: whoever has the link has the token");
		} catch {
			history.replaceState(null, "", linkTo(token));
			setState("The link is in the address bar");
		}
	};
	return (
		<button type="button" aria-live="polite" onClick={copy} onBlur={() => setState("Copy link")}>
			{state}
		</button>
	);
}

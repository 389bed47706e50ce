/** @module */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { LOCAL_CHAIN_ID, type Network } from "../network.ts";

interface NetworkFormProps {
	readonly network: Network | undefined;
	readonly problem: string | undefined;
	readonly onNetwork: (network: Network) => void;
}

/** The node that is asked, and a form to ask another one. */
export function NetworkForm({ network, problem, onNetwork }: NetworkFormProps): JSX.Element {
	const [rpcUrl, setRpcUrl] = useState(network?.rpcUrl ?? "");
	const [registry, setRegistry] = useState(network?.registry ?? "");
	const [chainId, setChainId] = useState(String(network?.chainId ?? ""));
	const submit = (event: Event): void => {
		event.preventDefault();
		const isLocal = Number(chainId) === LOCAL_CHAIN_ID;
		onNetwork({ rpcUrl: rpcUrl.trim(), registry: registry.trim(), chainId: Number(chainId), isLocal });
	};
	return (
		<details class="network">
			<summary>{network === undefined ? "No node" : `Chain ${network.chainId} at ${hostOf(network.rpcUrl)}`}</summary>
			<form onSubmit={submit}>
				<label>
					Node (JSON-RPC)
					<input type="url" required value={rpcUrl} onInput={({ currentTarget }) => setRpcUrl(currentTarget.value)} />
				</label>
				<label>
					Registry
					<input required value={registry} onInput={({ currentTarget }) => setRegistry(currentTarget.value)} />
				</label>
				<label>
					Chain id
					<input
						required
						inputMode="numeric"
						value={chainId}
						onInput={({ currentTarget }) => setChainId(currentTarget.value)}
					/>
				</label>
				<button type="submit">Ask this node</button>
			</form>
			{problem !== undefined && <p role="alert">{problem}</p>}
		</details>
	);
}

function hostOf(url: string): string {
	return URL.canParse(url) ? new URL(url).host : url;
}

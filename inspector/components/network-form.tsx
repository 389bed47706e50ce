/** @module */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { LOCAL_CHAIN_ID, type Network } from "../network.ts";
import { allowOnly, parseOrigins } from "../page-policy.ts";
import { makeVisible } from "../token-parts.ts";

interface NetworkFormProps {
	readonly network: Network | undefined;
	readonly problem: string | undefined;
	readonly onNetwork: (network: Network) => void;
}

/** The node that is asked, and a form to ask another one; if there was none at first, only once. */
export function NetworkForm({ network, problem, onNetwork }: NetworkFormProps): JSX.Element {
	const [isOnce] = useState(network === undefined);
	return (
		<details class="network">
			<summary>{network === undefined ? "No node" : `Chain ${network.chainId} at ${hostOf(network.rpcUrl)}`}</summary>
			{isOnce && network !== undefined ? (
				<p class="aside">The page can ask nobody else. To choose another node, reload the page.</p>
			) : (
				<NetworkFields {...{ network, onNetwork }} />
			)}
			{problem !== undefined && <p role="alert">{problem}</p>}
		</details>
	);
}

type NetworkFieldsProps = Omit<NetworkFormProps, "problem">;

function NetworkFields({ network, onNetwork }: NetworkFieldsProps): JSX.Element {
	const [rpcUrl, setRpcUrl] = useState(network?.rpcUrl ?? "");
	const [registry, setRegistry] = useState(network?.registry ?? "");
	const [chainId, setChainId] = useState(String(network?.chainId ?? ""));
	const [hosts, setHosts] = useState("");
	const [mistake, setMistake] = useState<string>();
	const submit = (event: Event): void => {
		event.preventDefault();
		try {
			const origins = [...parseOrigins(rpcUrl), ...parseOrigins(hosts)];
			if (network === undefined) allowOnly(origins);
			const isLocal = Number(chainId) === LOCAL_CHAIN_ID;
			onNetwork({ rpcUrl: rpcUrl.trim(), registry: registry.trim(), chainId: Number(chainId), isLocal });
		} catch (error) {
			setMistake(makeVisible((error as Error).message));
		}
	};
	return (
		<form onSubmit={submit}>
			<Field label="Node (JSON-RPC)" value={rpcUrl} onValue={setRpcUrl} required />
			<Field label="Registry" value={registry} onValue={setRegistry} required />
			<Field label="Chain id" value={chainId} onValue={setChainId} required />
			{network === undefined && (
				<Field label="Hosts of documents that it may ask, too" value={hosts} onValue={setHosts} />
			)}
			<button type="submit">Ask this node</button>
			{mistake !== undefined && <p role="alert">{mistake}</p>}
		</form>
	);
}

interface FieldProps {
	readonly label: string;
	readonly value: string;
	readonly onValue: (value: string) => void;
	readonly required?: boolean | undefined;
}

function Field({ label, value, onValue, required }: FieldProps): JSX.Element {
	return (
		<label>
			{label}
			<input {...{ value, required }} onInput={({ currentTarget }) => onValue(currentTarget.value)} />
		</label>
	);
}

function hostOf(url: string): string {
	return URL.canParse(url) ? new URL(url).host : url;
}

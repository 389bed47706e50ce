/** @module */
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { BlockedHosts } from "./components/blocked-hosts.tsx";
import { FieldForm } from "./components/field-form.tsx";
import { NetworkForm } from "./components/network-form.tsx";
import { OrganizationCard } from "./components/organization-card.tsx";
import { Steps } from "./components/steps.tsx";
import { TokenInput } from "./components/token-input.tsx";
import { TokenView } from "./components/token-view.tsx";
import { Verdict } from "./components/verdict.tsx";
import { completeFields, type FilledFields } from "./judging/fields.ts";
import { findKind, type KindName } from "./judging/kinds.ts";
import { useJudgement } from "./judging/use-judgement.ts";
import { type Connection, connect, type Network } from "./network.ts";
import { takeTokenFromAddress } from "./token-link.ts";
import { cleanToken } from "./token-parts.ts";
import { useClock } from "./use-clock.ts";
import { useEvents } from "./use-events.ts";

const LOCAL_CHAIN_ID = 31_337;

/** What the page starts with. */
interface AppProps {
	readonly network: Network | undefined;
	readonly token: string;
}

export function App(props: AppProps): JSX.Element {
	const [text, setText] = useState(props.token);
	const [filled, setFilled] = useState<FilledFields>({});
	const [chosenKind, setChosenKind] = useState<KindName>();
	const [network, setNetwork] = useState(props.network);
	const [round, setRound] = useState(0);
	const token = cleanToken(text);
	const { connection, problem } = useConnection(network);
	const kind = useMemo(() => chosenKind ?? findKind(token), [chosenKind, token]);
	const fields = completeFields(filled, token);
	const judgement = useJudgement({ token, kind, fields, connection }, round);
	const organization = judgement?.explanation?.organization;
	const again = (): void => setRound((count) => count + 1);
	const followed = useEvents(connection, organization, again);
	const now = useClock();
	const paste = (pasted: string): void => {
		setText(pasted);
		setFilled(({ audience: _, trustedIssuers: __, appId: ___, ...others }) => others);
	};
	useTokenOfAddress(paste);
	return (
		<>
			<header class="top">
				<h1>
					orgpass <span>inspector</span>
				</h1>
				<NetworkForm network={network} problem={problem} onNetwork={setNetwork} />
			</header>
			<main>
				<div class="given">
					<TokenInput
						{...{ token: text, onToken: paste, onAgain: again }}
						chainId={network?.chainId ?? LOCAL_CHAIN_ID}
						onSample={(sample) => {
							setText(sample.token);
							setFilled(sample.filled);
							setChosenKind(undefined);
						}}
					/>
					{token !== "" && (
						<FieldForm {...{ kind, chosenKind, fields, filled }} onKind={setChosenKind} onFill={setFilled} />
					)}
				</div>
				<div class="result">
					<section class="judgement" aria-label="Verification">
						<Verdict judgement={judgement} />
						<BlockedHosts />
						{judgement !== undefined && <Steps steps={judgement.steps} now={now} />}
					</section>
					{organization !== undefined && (
						<OrganizationCard {...{ organization, followed, now }} isLocal={connection?.isLocal === true} />
					)}
				</div>
				{token !== "" && <TokenView token={token} now={now} />}
			</main>
		</>
	);
}

function useConnection(network: Network | undefined): { readonly connection?: Connection; readonly problem?: string } {
	const connected = useMemo(() => {
		try {
			return network === undefined ? {} : { connection: connect(network) };
		} catch (error) {
			return { problem: error instanceof Error ? error.message : String(error) };
		}
	}, [network]);
	useEffect(() => () => connected.connection?.reader.close(), [connected]);
	return connected;
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

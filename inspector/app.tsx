/** @module */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { BlockedHosts } from "./components/blocked-hosts.tsx";
import { FieldForm } from "./components/field-form.tsx";
import { NetworkForm } from "./components/network-form.tsx";
import { OrganizationCard } from "./components/organization-card.tsx";
import { Steps } from "./components/steps.tsx";
import { TestTokenForm } from "./components/test-token-form.tsx";
import { TokenInput } from "./components/token-input.tsx";
import { TokenView } from "./components/token-view.tsx";
import { Verdict } from "./components/verdict.tsx";
import { completeFields } from "./judging/fields.ts";
import { findKind } from "./judging/kinds.ts";
import { useJudgement } from "./judging/use-judgement.ts";
import { LOCAL_CHAIN_ID, type Network } from "./network.ts";
import { cleanToken, readPeriod } from "./token-parts.ts";
import { useClock } from "./use-clock.ts";
import { useConnection } from "./use-connection.ts";
import { useEvents } from "./use-events.ts";
import { useInput } from "./use-input.ts";

/** What the page starts with. */
interface AppProps {
	readonly network: Network | undefined;
	readonly token: string;
}

export function App(props: AppProps): JSX.Element {
	const { text, filled, chosenKind, paste, show, fill, choose } = useInput(props.token);
	const [round, setRound] = useState(0);
	const token = cleanToken(text);
	const { network, setNetwork, connection, problem } = useConnection(props.network);
	const kind = useMemo(() => chosenKind ?? findKind(token), [chosenKind, token]);
	const fields = completeFields(filled, token);
	const judgement = useJudgement({ token, kind, fields, connection }, round);
	const organization = judgement?.explanation?.organization;
	const signer = String(judgement?.steps.find(({ name }) => name === "issuer")?.facts["signer"]);
	const again = (): void => setRound((count) => count + 1);
	const followed = useEvents(connection, organization, again);
	const now = useClock();
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
						onSample={show}
					/>
					{connection?.isLocal === true && (
						<TestTokenForm
							key={`${connection.rpcUrl} ${connection.registry}`}
							connection={connection}
							audience={filled.audience ?? ""}
							onToken={show}
						/>
					)}
					{token !== "" && <FieldForm {...{ kind, chosenKind, fields, filled }} onKind={choose} onFill={fill} />}
				</div>
				<div class="result">
					<section class="judgement" aria-label="Verification">
						<Verdict judgement={judgement} isOutdated={followed.isBroken} />
						<BlockedHosts />
						{judgement !== undefined && <Steps steps={judgement.steps} now={now} />}
					</section>
					{organization !== undefined && (
						<OrganizationCard
							{...{ organization, followed, now }}
							token={{ ...readPeriod(token), signer }}
							isLocal={connection?.isLocal === true}
						/>
					)}
				</div>
				{token !== "" && <TokenView token={token} now={now} />}
			</main>
		</>
	);
}

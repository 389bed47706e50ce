/** @module */
import type { OrgRecord } from "orgpass/auth";
import type { OnChainKey, RegistryEvent } from "orgpass/registry";
import type { JSX } from "preact";
import { MAX_EVENTS } from "../kept-events.ts";
import { formatLocalTime } from "../time.ts";
import { type KeyPeriod, toKeyPeriods } from "../timeline/key-periods.ts";
import { makeVisible } from "../token-parts.ts";
import { type Events, PAST_BLOCKS } from "../use-events.ts";
import { Facts } from "./facts.tsx";
import { KeyTimeline, type TokenOfKey } from "./key-timeline.tsx";

interface CardProps {
	readonly organization: OrgRecord;
	readonly followed: Events;
	/** Absent if there is no token. */
	readonly token?: TokenOfKey;
	readonly isLocal: boolean;
	readonly now: number;
}

/** What the registry says about the issuer, and what happened to it. */
export function OrganizationCard(props: CardProps): JSX.Element {
	const { organization, followed, token, isLocal, now } = props;
	const { did, kind, registry, owner, director, active, document, keys, blockNumber } = organization;
	const facts = {
		did,
		owner,
		director: director ?? "none",
		active: active ? "yes" : "no: the owner has deactivated it",
		document: document === undefined ? "none" : document.uris.join(" "),
		...(document?.hash !== undefined && { hash: document.hash }),
		registry: `${kind} at ${registry}, block ${blockNumber}`,
	};
	const periods = toKeyPeriods(keys, followed.events, now);
	return (
		<section class="organization" aria-labelledby="organization-title">
			<h2 id="organization-title">The organization</h2>
			<Facts facts={facts} now={now} />
			<h3>Keys</h3>
			{periods.length === 0 ? (
				<p class="aside">The registry has none; the document may list some.</p>
			) : (
				<>
					<KeyTimeline {...{ periods, token, now }} />
					<Keys periods={periods} now={now} />
				</>
			)}
			<h3>Events</h3>
			<EventList {...followed} isLocal={isLocal} now={now} />
		</section>
	);
}

interface KeysProps {
	readonly periods: readonly KeyPeriod[];
	readonly now: number;
}

function Keys({ periods, now }: KeysProps): JSX.Element {
	return (
		<ul class="keys">
			{periods.map(({ fragment, state, key, revokedAt = 0 }) => (
				<li key={fragment} class={state}>
					<strong>#{makeVisible(fragment)}</strong>{" "}
					{key === undefined ? `revoked ${formatLocalTime(revokedAt, now)}` : validityOf(key, now)}
					{key !== undefined && <code>{key.publicKeyHex}</code>}
				</li>
			))}
		</ul>
	);
}

function validityOf({ validFrom, validUntil, addedAt }: OnChainKey, now: number): string {
	const times = [
		...(validFrom > 0 ? [`valid from ${formatLocalTime(validFrom, now)}`] : []),
		...(validUntil > 0 ? [`valid until ${formatLocalTime(validUntil, now)}`] : []),
	];
	return [...(times.length > 0 ? times : ["valid without end"]), `added ${formatLocalTime(addedAt, now)}`].join(", ");
}

interface EventListProps extends Events {
	readonly isLocal: boolean;
	readonly now: number;
}

function EventList({ events, isBroken, isLocal, now }: EventListProps): JSX.Element {
	return (
		<>
			{isBroken && <p class="aside">The node doesn't return the registry's events.</p>}
			{!isLocal && <p class="aside">Those of the last {PAST_BLOCKS.toLocaleString("en")} blocks.</p>}
			{events.length === MAX_EVENTS && <p class="aside">Only the last {MAX_EVENTS} are shown.</p>}
			<ol class="events" reversed>
				{events.toReversed().map((event) => (
					<Event key={`${event.blockHash} ${event.logIndex}`} event={event} now={now} />
				))}
			</ol>
		</>
	);
}

function Event({ event, now }: { readonly event: RegistryEvent; readonly now: number }): JSX.Element {
	const { name, args, blockNumber, transactionHash } = event;
	const { orgId: _, ...facts } = args;
	return (
		<li>
			<details>
				<summary>
					{toWords(name)} <small>block {blockNumber}</small>
				</summary>
				<Facts facts={{ ...facts, transaction: transactionHash }} now={now} />
			</details>
		</li>
	);
}

/** `KeyRevoked` → `Key revoked`. */
function toWords(name: string): string {
	return name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

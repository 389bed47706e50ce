/** @module */
import type { OrgRecord } from "orgpass/auth";
import type { OnChainKey, RegistryEvent } from "orgpass/registry";
import type { JSX } from "preact";
import { formatLocalTime } from "../time.ts";
import { makeVisible } from "../token-parts.ts";
import { type Events, PAST_BLOCKS } from "../use-events.ts";
import { Facts } from "./facts.tsx";

interface CardProps {
	readonly organization: OrgRecord;
	readonly followed: Events;
	readonly isLocal: boolean;
	readonly now: number;
}

/** What the registry says about the issuer, and what happened to it. */
export function OrganizationCard({ organization, followed, isLocal, now }: CardProps): JSX.Element {
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
	return (
		<section class="organization" aria-labelledby="organization-title">
			<h2 id="organization-title">The organization</h2>
			<Facts facts={facts} now={now} />
			<h3>Keys</h3>
			<Keys keys={keys} revoked={followed.events.filter(({ name }) => name === "KeyRevoked")} now={now} />
			<h3>Events</h3>
			<EventList {...followed} isLocal={isLocal} now={now} />
		</section>
	);
}

interface KeysProps {
	readonly keys: readonly OnChainKey[];
	readonly revoked: readonly RegistryEvent[];
	readonly now: number;
}

function Keys({ keys, revoked, now }: KeysProps): JSX.Element {
	if (keys.length + revoked.length === 0)
		return <p class="aside">The registry has none; the document may list some.</p>;
	return (
		<ul class="keys">
			{keys.map((key) => (
				<li key={key.fragment} class={isValid(key, now) ? "valid" : "invalid"}>
					<strong>#{makeVisible(key.fragment)}</strong> {validityOf(key, now)}
					<code>{key.publicKeyHex}</code>
				</li>
			))}
			{revoked.map(({ args, transactionHash }) => (
				<li key={transactionHash} class="revoked">
					<strong>#{makeVisible(String(args["fragment"]))}</strong> revoked{" "}
					{formatLocalTime(Number(args["revokedAt"]), now)}
				</li>
			))}
		</ul>
	);
}

function isValid({ validFrom, validUntil }: OnChainKey, now: number): boolean {
	return validFrom <= now && (validUntil === 0 || now < validUntil);
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

/**
 * The kinds of token, and how each is verified.
 * @module
 */
import { decodeToken } from "orgpass/jws";
import { importPublicKey } from "orgpass/keys";
import {
	githubApp,
	type IssuerKeys,
	icrApp,
	ioctl,
	type OrgIdProfileOptions,
	orgid,
	orgidAccount,
	orgidEip712,
	orgidEth,
	type Profile,
	vonage,
} from "orgpass/tokens";
import type { Eip1193Provider } from "../node-provider.ts";
import type { Fields } from "./fields.ts";

/** What a kind's verifier needs to know. */
export type Need = "organization" | "trusted issuers" | "app key";

/** What profiles are made from. */
export interface Surroundings extends Pick<OrgIdProfileOptions, "resolver" | "chainIds" | "defaultChainId"> {
	/** For accounts that are contracts. */
	readonly providers: Readonly<Record<number, Eip1193Provider>>;
}

type CreateProfile = (fields: Fields, surroundings: Surroundings) => Profile;

interface Kind {
	readonly needs: Need;
	readonly create: CreateProfile;
}

const KINDS = {
	orgid: {
		needs: "organization",
		create: ({ audience }, { providers: _, ...options }) => orgid({ audience, ...options }),
	},
	"orgid-account": {
		needs: "organization",
		create: ({ audience }, { defaultChainId: _, ...options }) => orgidAccount({ audience, ...options }),
	},
	"orgid-eth": { needs: "organization", create: ({ audience }, options) => orgidEth({ audience, ...options }) },
	"orgid-eip712": { needs: "organization", create: ({ audience }, options) => orgidEip712({ audience, ...options }) },
	ioctl: {
		needs: "trusted issuers",
		create: ({ trustedIssuers }) => ioctl({ trustedIssuers: toTrusted(trustedIssuers) }),
	},
	"github-app": { needs: "app key", create: (fields) => githubApp(appOptions(fields)) },
	"icr-app": { needs: "app key", create: (fields) => icrApp(appOptions(fields)) },
	vonage: { needs: "app key", create: (fields) => vonage(appOptions(fields)) },
} as const satisfies Record<string, Kind>;

/** The name of a kind, which is its profile's. */
export type KindName = keyof typeof KINDS;

export const KIND_NAMES = Object.keys(KINDS) as readonly KindName[];

/** Until an audience is entered, no token is for this verifier. */
const NO_AUDIENCE = "(not entered)";

/** The kind of tokens that carry no mark of any. */
const DEFAULT_KIND: KindName = "orgid";

export function needOf(kind: KindName): Need {
	return KINDS[kind].needs;
}

export function createProfile(kind: KindName, fields: Fields, surroundings: Surroundings): Profile {
	const { needs, create } = KINDS[kind];
	const isIncomplete = needs === "organization" && fields.audience === "";
	return create(isIncomplete ? { ...fields, audience: NO_AUDIENCE } : fields, surroundings);
}

/** Returns the kind that a token claims to be. */
export function findKind(token: string): KindName {
	try {
		const jws = decodeToken(token);
		return KIND_NAMES.find((kind) => createProfile(kind, PROBE, NOWHERE).recognizes(jws)) ?? DEFAULT_KIND;
	} catch {
		return DEFAULT_KIND;
	}
}

/** A token is recognized whatever its verifier knows. */
const PROBE: Fields = {
	...{ audience: "did:orgid", trustedIssuers: "", appId: "", appKey: "", scope: "", now: "" },
};

const NOWHERE: Surroundings = {
	resolver: { resolve: () => Promise.reject(new Error("there is no node")) },
	providers: {},
};

function appOptions({ appId, appKey, audience }: Fields): { keys: IssuerKeys; audience?: string } {
	const keys = appKey.trim() === "" ? () => undefined : { [appId]: importPublicKey(appKey, { algorithm: "RS256" }) };
	return { keys, ...(audience !== "" && { audience }) };
}

function toTrusted(text: string): readonly string[] | (() => boolean) {
	const keys = text.split(/\s+/).filter((key) => key !== "");
	return keys.length === 0 ? () => false : keys;
}

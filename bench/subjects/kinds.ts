/**
 * Verification of tokens that accounts and apps have signed.
 * @module
 */
import { verifyMessage } from "ethers";
import {
	createIoctlMinter,
	createOrgIdAccountMinter,
	createOrgIdEthMinter,
	createVerifier,
	createVonageMinter,
	generateKeyPair,
	importPrivateKey,
	ioctl,
	orgidAccount,
	orgidEth,
	type Profile,
	type Verifier,
	type VerifyOptions,
	vonage,
} from "orgpass";
import { decodeToken } from "orgpass/jws";
import { createFreshContender } from "../suite/fresh-contender.ts";
import { type Contender, extentOf, measureRates } from "../suite/measure.ts";
import { OWNER_KEY } from "../suite/organization-keys.ts";
import { AUDIENCE, issuerDid, type Organizations, REGISTRY, startOrganizations } from "../suite/organizations.ts";
import type { Report, Settings } from "../suite/report.ts";

const POOL = 2_000;
const APPLICATION_ID = "aaaaaaaa-bbbb-cccc-dddd-0123456789ab";
const ACL = { paths: { "/*/users/**": {}, "/*/conversations/**": { methods: ["GET", "POST"] } } };
const ETHERS = "ethers verifyMessage, the signature alone";

interface Kind {
	readonly name: string;
	readonly profile: Profile;
	/** Mints different tokens. */
	mint(): Promise<string>;
	readonly required?: VerifyOptions;
}

/** Verifies fresh tokens of each kind. */
export async function measureKinds(settings: Settings): Promise<Report> {
	const size = settings.isQuick ? 10 : POOL;
	const organizations = await startOrganizations();
	const [accounts, apps] = [await accountKinds(organizations), await appKinds()];
	const contenders = await Promise.all([...accounts, ...apps].map((kind) => createContender(kind, size)));
	contenders.push(ethersContender(await (accounts[0] as Kind).mint()));
	const rows = await measureRates(contenders, extentOf(settings, size));
	organizations.close();
	return {
		title: "Other kinds of tokens",
		text: `Fresh tokens that an organization's owner signed with a wallet (\`orgid-account\`: typed data, \`orgid-eth\`: a message), that
an IoTeX account signed (\`ioctl\`), and those of a Vonage app, with an access control list. An account is recovered from the
signature; the line of ethers is what that takes without a token.`,
		tables: [{ id: "kinds", title: "Fresh tokens by kind", unit: "tokens/s", base: ETHERS, rows }],
	};
}

async function accountKinds({ resolver }: Organizations): Promise<readonly Kind[]> {
	const common = { key: await importPrivateKey(OWNER_KEY), issuer: issuerDid(0), audience: AUDIENCE };
	const account = createOrgIdAccountMinter({ ...common, registry: REGISTRY });
	const eth = createOrgIdEthMinter(common);
	const options = { audience: AUDIENCE, resolver };
	return [
		{ name: "orgid-account", profile: orgidAccount(options), mint: () => account.mint() },
		{ name: "orgid-eth", profile: orgidEth(options), mint: () => eth.mint() },
	];
}

async function appKinds(): Promise<readonly Kind[]> {
	const { privateKey: key, publicKey } = await generateKeyPair();
	const app = await generateKeyPair({ algorithm: "RS256" });
	const self = createIoctlMinter({ key });
	const phone = createVonageMinter({ key: app.privateKey, applicationId: APPLICATION_ID });
	const keys = { [APPLICATION_ID]: app.publicKey };
	let count = 0;
	return [
		{
			name: "ioctl",
			profile: ioctl({ trustedIssuers: [publicKey] }),
			mint: () => self.mint({ operation: "Read", resource: `room-${count++}` }),
		},
		{
			name: "vonage, with an access control list",
			profile: vonage({ keys }),
			mint: () => phone.mint({ claims: { sub: "alice", acl: ACL } }),
			required: { request: { method: "GET", path: "/v1/conversations/7/events" } },
		},
	];
}

async function createContender({ name, profile, mint, required = {} }: Kind, size: number): Promise<Contender> {
	const tokens: string[] = [];
	while (tokens.length < size) tokens.push(await mint());
	const create = (): Verifier => createVerifier({ profiles: [profile] });
	return createFreshContender(name, create, { tokens, first: [await mint()] }, required);
}

function ethersContender(token: string): Contender {
	const { signingInput, signature } = decodeToken(token);
	const hex = `0x${Buffer.from(signature).toString("hex")}`;
	return { name: ETHERS, run: () => verifyMessage(signingInput, hex) };
}

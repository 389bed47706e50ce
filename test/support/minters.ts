/**
 * The minter of each kind of token, for tests that run over several kinds.
 * @module
 */
import { createGitHubAppMinter, createIcrAppMinter } from "../../src/tokens/app/app-minter.ts";
import { createIoctlMinter } from "../../src/tokens/ioctl/ioctl-minter.ts";
import { createOrgIdMinter } from "../../src/tokens/orgid/orgid-minter.ts";
import {
	createOrgIdAccountMinter,
	createOrgIdEip712Minter,
	createOrgIdEthMinter,
} from "../../src/tokens/orgid-account/account-minter.ts";
import { createVonageMinter } from "../../src/tokens/vonage/vonage-minter.ts";

/** By the name of the kind's profile. */
export const MINTERS = {
	orgid: createOrgIdMinter,
	"orgid-account": createOrgIdAccountMinter,
	"orgid-eth": createOrgIdEthMinter,
	"orgid-eip712": createOrgIdEip712Minter,
	ioctl: createIoctlMinter,
	"github-app": createGitHubAppMinter,
	"icr-app": createIcrAppMinter,
	vonage: createVonageMinter,
} as const;

/** Options of a kind's minter, with the kind's name. */
export type MinterOptionsOf<Kind extends keyof typeof MINTERS> = {
	readonly profile: Kind;
} & Parameters<(typeof MINTERS)[Kind]>[0];

/** Makes the minter of the kind that `profile` names. */
export function createMinter<Kind extends keyof typeof MINTERS>({
	profile,
	...options
}: MinterOptionsOf<Kind>): ReturnType<(typeof MINTERS)[Kind]> {
	return MINTERS[profile](options as never) as ReturnType<(typeof MINTERS)[Kind]>;
}

/**
 * The kinds of token that the command line mints and verifies.
 * @module
 */
import { APP_KINDS } from "./app-kinds.js";
import { IOCTL } from "./ioctl.js";
import { ORGANIZATION_KINDS } from "./organization-kinds.js";
import type { TokenKindDescriptor } from "./token-kind.js";
import { VONAGE } from "./vonage.js";

export const TOKEN_KINDS: readonly TokenKindDescriptor[] = [...ORGANIZATION_KINDS, IOCTL, ...APP_KINDS, VONAGE];

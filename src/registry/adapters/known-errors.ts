/**
 * The custom errors of the generations that orgpass supports. Only what sends transactions loads these texts.
 * @module
 */
import type { ContractErrors, RegistryKind } from "./adapter.js";

export const KNOWN_ERRORS: Readonly<Record<RegistryKind, ContractErrors>> = {
	orgpass: {
		OrganizationNotFound: { message: "there is no such organization" },
		OrganizationAlreadyExists: { message: "this account already has an organization with this salt" },
		CallerNotOwner: { message: "only the organization's owner may do this", isUnauthorized: true },
		CallerNotDirector: { message: "only the proposed director may do this", isUnauthorized: true },
		CallerNotOwnerOrDirector: {
			message: "only the organization's owner or director may do this",
			isUnauthorized: true,
		},
		InvalidOwner: { message: "this account can't be the new owner" },
		OrgJsonIncomplete: { message: "a document needs both a hash and an address, and backups need the first address" },
		UriTooLong: { message: "the document's address is too long" },
		InvalidFragment: { message: "the key's name must be 1 to 64 of 0-9 A-Z a-z _ -" },
		ReservedFragment: { message: "the key's name is reserved" },
		FragmentAlreadyUsed: { message: "the key's name was used before, and names can't be reused" },
		PointNotOnCurve: { message: "the public key isn't a point of secp256k1" },
		InvalidValidity: { message: "the key's validity must end after it starts, and in the future" },
		TooManyKeys: { message: "the organization has as many keys as it may have: revoke one" },
		KeyNotFound: { message: "the organization has no key of this name" },
		KeyAlreadyRevoked: { message: "the key is already revoked" },
	},
	"orgid-v3": {
		OrgIdNotFound: { message: "there is no such organization" },
		TokenNotFound: { message: "there is no such organization" },
		OrgIdAlreadyExists: { message: "this account already has an organization with this salt" },
		OrgJsonUriEmpty: { message: "a document needs an address" },
		CalledNotByOrgIdOwner: { message: "only the organization's owner may do this", isUnauthorized: true },
		InvalidDelegatesInput: { message: "at least one delegate is needed" },
	},
	// It has messages instead.
	"orgid-v1": {},
};

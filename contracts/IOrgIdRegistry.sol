// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/**
 * @title Registry of organizations and of the keys they sign with
 * @notice The ABI of ORGiD 1.1 (functions, events, derivation of ids), and keys on chain beside it. An id that
 * was never created reads as absent in every view: all zero, empty, `exists` false; no view reverts for it.
 *
 * The event log alone replays to the state: creation is followed by {OrgJsonChanged} and, for a director who
 * is the creator, by {DirectorshipAccepted}; a unit's first owner is its parent's owner at that moment.
 * A call that changes nothing emits nothing, except {transferOrganizationOwnership} and {setOrgJson}, which
 * always emit.
 */
interface IOrgIdRegistry {
	/**
	 * @notice A key that is not revoked.
	 * @param fragment Its name within the organization: what follows `#` in the DID URL.
	 * @param x Abscissa of the secp256k1 point, big-endian.
	 * @param y Ordinate of the secp256k1 point, big-endian.
	 * @param validFrom Unix seconds from which the key counts; 0 for always.
	 * @param validUntil Unix seconds from which it no longer counts; 0 for never.
	 * @param addedAt Timestamp of the block that added it.
	 */
	struct Key {
		string fragment;
		bytes32 x;
		bytes32 y;
		uint48 validFrom;
		uint48 validUntil;
		uint48 addedAt;
	}

	/**
	 * @notice An organization with its unrevoked keys; the first eleven members are those of {getOrganization}.
	 * @param exists False for an id that was never created; every other member is then zero or empty.
	 * @param orgId Id of the organization.
	 * @param orgJsonHash Hash of its ORG.JSON document; 0 when it has none.
	 * @param orgJsonUri Where the document is; empty when there is none.
	 * @param orgJsonUriBackup1 Where else it is.
	 * @param orgJsonUriBackup2 Where else it is.
	 * @param parentOrgId Organization it is a unit of; 0 at the top level.
	 * @param owner Account that may do everything with it.
	 * @param director Account that may act for it once it accepted; 0 for none.
	 * @param isActive False while its owner has it switched off.
	 * @param isDirectorshipAccepted True when there is a director and it accepted.
	 * @param unrevokedKeys Its keys, in no particular order; whether one is valid now is the reader's check.
	 */
	struct ResolvedOrganization {
		bool exists;
		bytes32 orgId;
		bytes32 orgJsonHash;
		string orgJsonUri;
		string orgJsonUriBackup1;
		string orgJsonUriBackup2;
		bytes32 parentOrgId;
		address owner;
		address director;
		bool isActive;
		bool isDirectorshipAccepted;
		Key[] unrevokedKeys;
	}

	/**
	 * @notice An organization was created at the top level, active, without a director.
	 * @param orgId Its id.
	 * @param owner Its creator.
	 */
	event OrganizationCreated(bytes32 indexed orgId, address indexed owner);

	/**
	 * @notice A unit was created, active, owned by the owner of its parent.
	 * @param parentOrgId Organization it belongs to.
	 * @param unitOrgId Its id.
	 * @param director Its director, pending unless {DirectorshipAccepted} follows; 0 for none.
	 */
	event UnitCreated(bytes32 indexed parentOrgId, bytes32 indexed unitOrgId, address indexed director);

	/**
	 * @notice An organization was switched on or off.
	 * @param orgId The organization.
	 * @param previousState What it was.
	 * @param newState What it is.
	 */
	event OrganizationActiveStateChanged(bytes32 indexed orgId, bool previousState, bool newState);

	/**
	 * @notice A director took office.
	 * @param orgId The organization.
	 * @param director The director.
	 */
	event DirectorshipAccepted(bytes32 indexed orgId, address indexed director);

	/**
	 * @notice The director changed; the new one is pending unless {DirectorshipAccepted} follows.
	 * @param orgId The organization.
	 * @param previousDirector Who lost the office; 0 for nobody.
	 * @param newDirector Who may now accept it; 0 for nobody.
	 */
	event DirectorshipTransferred(
		bytes32 indexed orgId,
		address indexed previousDirector,
		address indexed newDirector
	);

	/**
	 * @notice The owner changed; {DirectorshipTransferred} follows when there was a director.
	 * @param orgId The organization.
	 * @param previousOwner Who owned it.
	 * @param newOwner Who owns it.
	 */
	event OrganizationOwnershipTransferred(
		bytes32 indexed orgId,
		address indexed previousOwner,
		address indexed newOwner
	);

	/**
	 * @notice The reference to the ORG.JSON document was set.
	 * @param orgId The organization.
	 * @param previousOrgJsonHash Hash before.
	 * @param previousOrgJsonUri URI before.
	 * @param previousOrgJsonUriBackup1 First backup before.
	 * @param previousOrgJsonUriBackup2 Second backup before.
	 * @param newOrgJsonHash Hash from now on.
	 * @param newOrgJsonUri URI from now on.
	 * @param newOrgJsonUriBackup1 First backup from now on.
	 * @param newOrgJsonUriBackup2 Second backup from now on.
	 */
	event OrgJsonChanged(
		bytes32 indexed orgId,
		bytes32 indexed previousOrgJsonHash,
		string previousOrgJsonUri,
		string previousOrgJsonUriBackup1,
		string previousOrgJsonUriBackup2,
		bytes32 indexed newOrgJsonHash,
		string newOrgJsonUri,
		string newOrgJsonUriBackup1,
		string newOrgJsonUriBackup2
	);

	/**
	 * @notice A key was added.
	 * @param orgId The organization.
	 * @param fragment Name of the key.
	 * @param x Abscissa of the secp256k1 point.
	 * @param y Ordinate of the secp256k1 point.
	 * @param validFrom Unix seconds from which it counts; 0 for always.
	 * @param validUntil Unix seconds from which it no longer counts; 0 for never.
	 * @param addedAt Timestamp of this block.
	 */
	event KeyAdded(
		bytes32 indexed orgId,
		string fragment,
		bytes32 x,
		bytes32 y,
		uint48 validFrom,
		uint48 validUntil,
		uint48 addedAt
	);

	/**
	 * @notice A key was revoked, for ever.
	 * @param orgId The organization.
	 * @param fragment Name of the key.
	 * @param revokedAt Timestamp of this block.
	 */
	event KeyRevoked(bytes32 indexed orgId, string fragment, uint48 revokedAt);

	/// @notice No organization has the id `orgId`.
	error OrganizationNotFound(bytes32 orgId);

	/// @notice The caller already created `orgId`, with the same salt.
	error OrganizationAlreadyExists(bytes32 orgId);

	/// @notice `caller` doesn't own `orgId`.
	error CallerNotOwner(bytes32 orgId, address caller);

	/// @notice `caller` isn't the director of `orgId`, accepted or pending.
	error CallerNotDirector(bytes32 orgId, address caller);

	/// @notice `caller` neither owns `orgId` nor directs it; what it called may ask for an accepted director.
	error CallerNotOwnerOrDirector(bytes32 orgId, address caller);

	/// @notice `owner` can't own `orgId`: it is the zero address.
	error InvalidOwner(bytes32 orgId, address owner);

	/// @notice A hash came without a URI, or a URI or backup without a hash.
	error OrgJsonIncomplete(bytes32 orgJsonHash, string orgJsonUri, string backup1, string backup2);

	/// @notice A URI of `length` bytes is longer than `limit`.
	error UriTooLong(uint256 length, uint256 limit);

	/// @notice `fragment` isn't 1 to 64 characters of `0-9A-Za-z_-`.
	error InvalidFragment(string fragment);

	/// @notice `fragment` names an account in DID documents and no key: `owner`, `director`.
	error ReservedFragment(string fragment);

	/// @notice `orgId` has or had a key named `fragment`; a name is used once.
	error FragmentAlreadyUsed(bytes32 orgId, string fragment);

	/// @notice (`x`, `y`) isn't a point of secp256k1 in affine coordinates.
	error PointNotOnCurve(bytes32 x, bytes32 y);

	/// @notice `validUntil` isn't after `validFrom`.
	error InvalidValidity(uint48 validFrom, uint48 validUntil);

	/// @notice `orgId` already has `limit` keys that aren't revoked.
	error TooManyKeys(bytes32 orgId, uint256 limit);

	/// @notice `orgId` never had a key named `fragment`.
	error KeyNotFound(bytes32 orgId, string fragment);

	/// @notice The key `fragment` of `orgId` was revoked at `revokedAt`.
	error KeyAlreadyRevoked(bytes32 orgId, string fragment, uint48 revokedAt);

	/**
	 * @notice Creates an organization at the top level, owned by the caller, active, without a director.
	 * @dev Its id is keccak256(caller ‖ salt), so nobody else can take it first.
	 * @param salt Any value the caller hasn't used before.
	 * @param orgJsonHash Hash of the ORG.JSON document; 0 exactly when `orgJsonUri` is empty.
	 * @param orgJsonUri Where the document is, 2,048 bytes at most, like each backup.
	 * @param orgJsonUriBackup1 Where else it is; may be empty.
	 * @param orgJsonUriBackup2 Where else it is; may be empty.
	 * @return orgId Id of the organization.
	 */
	function createOrganization(
		bytes32 salt,
		bytes32 orgJsonHash,
		string memory orgJsonUri,
		string memory orgJsonUriBackup1,
		string memory orgJsonUriBackup2
	) external returns (bytes32 orgId);

	/**
	 * @notice Creates a unit of an organization of the caller's, owned by the caller, active.
	 * @param salt Any value the caller hasn't used before.
	 * @param parentOrgId Organization or unit it belongs to; the caller must own it.
	 * @param director Who may accept its directorship; accepted at once when it is the caller; 0 for nobody.
	 * @param orgJsonHash Hash of the ORG.JSON document; 0 exactly when `orgJsonUri` is empty.
	 * @param orgJsonUri Where the document is, 2,048 bytes at most, like each backup.
	 * @param orgJsonUriBackup1 Where else it is; may be empty.
	 * @param orgJsonUriBackup2 Where else it is; may be empty.
	 * @return unitOrgId Id of the unit, derived as that of an organization.
	 */
	function createUnit(
		bytes32 salt,
		bytes32 parentOrgId,
		address director,
		bytes32 orgJsonHash,
		string memory orgJsonUri,
		string memory orgJsonUriBackup1,
		string memory orgJsonUriBackup2
	) external returns (bytes32 unitOrgId);

	/**
	 * @notice Switches an organization off when it is on, on when it is off. Owner only.
	 * @param orgId The organization; its units are not touched.
	 */
	function toggleActiveState(bytes32 orgId) external;

	/**
	 * @notice Switches an organization on or off, whatever it was before. Owner only.
	 * @param orgId The organization; its units are not touched.
	 * @param active What it shall be.
	 */
	function setActive(bytes32 orgId, bool active) external;

	/**
	 * @notice Accepts the directorship. Pending director only; an accepted one may call it to no effect.
	 * @param orgId The organization.
	 */
	function acceptDirectorship(bytes32 orgId) external;

	/**
	 * @notice Appoints another director, pending unless it is the caller. Owner only.
	 * @param orgId The organization.
	 * @param newDirector The new director; 0 dismisses the present one.
	 */
	function transferDirectorship(bytes32 orgId, address newDirector) external;

	/**
	 * @notice Leaves the organization without a director. Owner or director, pending or accepted.
	 * @param orgId The organization.
	 */
	function renounceDirectorship(bytes32 orgId) external;

	/**
	 * @notice Gives the organization to another owner and leaves it without a director. Owner only.
	 * @dev Keys stay until they are revoked; the new owner may want {revokeAllKeys}.
	 * @param orgId The organization.
	 * @param newOwner The new owner, not zero.
	 */
	function transferOrganizationOwnership(bytes32 orgId, address newOwner) external;

	/**
	 * @notice Sets the reference to the ORG.JSON document. Owner or accepted director.
	 * @param orgId The organization.
	 * @param orgJsonHash Hash of the document; 0 exactly when `orgJsonUri` is empty.
	 * @param orgJsonUri Where the document is, 2,048 bytes at most, like each backup.
	 * @param orgJsonUriBackup1 Where else it is; may be empty.
	 * @param orgJsonUriBackup2 Where else it is; may be empty.
	 */
	function setOrgJson(
		bytes32 orgId,
		bytes32 orgJsonHash,
		string memory orgJsonUri,
		string memory orgJsonUriBackup1,
		string memory orgJsonUriBackup2
	) external;

	/**
	 * @notice Adds a key, at most 32 that aren't revoked. Owner or accepted director.
	 * @param orgId The organization.
	 * @param fragment Its name: 1 to 64 characters of `0-9A-Za-z_-`, never used before by this organization.
	 * @param x Abscissa of the secp256k1 point, big-endian.
	 * @param y Ordinate of the secp256k1 point, big-endian.
	 * @param validFrom Unix seconds from which it counts; 0 for always.
	 * @param validUntil Unix seconds from which it no longer counts, after `validFrom`; 0 for never.
	 */
	function addKey(
		bytes32 orgId,
		string calldata fragment,
		bytes32 x,
		bytes32 y,
		uint48 validFrom,
		uint48 validUntil
	) external;

	/**
	 * @notice Revokes a key for ever. Owner or accepted director.
	 * @param orgId The organization.
	 * @param fragment Name of the key.
	 */
	function revokeKey(bytes32 orgId, string calldata fragment) external;

	/**
	 * @notice Revokes every key that isn't revoked. Owner or accepted director.
	 * @param orgId The organization.
	 */
	function revokeAllKeys(bytes32 orgId) external;

	/**
	 * @notice Reads everything a verifier of the organization's signatures needs.
	 * @param orgId The organization.
	 * @return organization The organization with its unrevoked keys.
	 * @return blockNumber Block that answers.
	 * @return blockTimestamp Its time, unix seconds.
	 */
	function resolve(
		bytes32 orgId
	)
		external
		view
		returns (ResolvedOrganization memory organization, uint256 blockNumber, uint256 blockTimestamp);

	/**
	 * @notice Reads many organizations at one block, {resolve} for each.
	 * @param orgIds The organizations.
	 * @return organizations In the order of `orgIds`.
	 * @return blockNumber Block that answers.
	 * @return blockTimestamp Its time, unix seconds.
	 */
	function resolveMany(
		bytes32[] calldata orgIds
	)
		external
		view
		returns (ResolvedOrganization[] memory organizations, uint256 blockNumber, uint256 blockTimestamp);

	/**
	 * @notice Reads a key, revoked or not.
	 * @param orgId The organization.
	 * @param fragment Name of the key.
	 * @return exists False when the organization never had such a key; the rest is then zero.
	 * @return x Abscissa of the secp256k1 point.
	 * @return y Ordinate of the secp256k1 point.
	 * @return validFrom Unix seconds from which it counts; 0 for always.
	 * @return validUntil Unix seconds from which it no longer counts; 0 for never.
	 * @return addedAt Timestamp of the block that added it.
	 * @return revokedAt Timestamp of the block that revoked it; 0 when it isn't revoked.
	 */
	function getKey(
		bytes32 orgId,
		string calldata fragment
	)
		external
		view
		returns (
			bool exists,
			bytes32 x,
			bytes32 y,
			uint48 validFrom,
			uint48 validUntil,
			uint48 addedAt,
			uint48 revokedAt
		);

	/**
	 * @notice Reads an organization as ORGiD 1.1 does.
	 * @param id The organization.
	 * @return exists False for an id that was never created; the rest is then zero or empty.
	 * @return orgId Id of the organization.
	 * @return orgJsonHash Hash of its ORG.JSON document; 0 when it has none.
	 * @return orgJsonUri Where the document is; empty when there is none.
	 * @return orgJsonUriBackup1 Where else it is.
	 * @return orgJsonUriBackup2 Where else it is.
	 * @return parentOrgId Organization it is a unit of; 0 at the top level.
	 * @return owner Account that may do everything with it.
	 * @return director Account that may act for it once it accepted; 0 for none.
	 * @return isActive False while its owner has it switched off.
	 * @return isDirectorshipAccepted True when there is a director and it accepted.
	 */
	function getOrganization(
		bytes32 id
	)
		external
		view
		returns (
			bool exists,
			bytes32 orgId,
			bytes32 orgJsonHash,
			string memory orgJsonUri,
			string memory orgJsonUriBackup1,
			string memory orgJsonUriBackup2,
			bytes32 parentOrgId,
			address owner,
			address director,
			bool isActive,
			bool isDirectorshipAccepted
		);

	/**
	 * @notice Lists all organizations at the top level. Prefer {listOrganizations}: this one grows without end.
	 * @param includeInactive Whether those that are switched off are listed.
	 * @return orgIds Their ids, oldest first.
	 */
	function getOrganizations(bool includeInactive) external view returns (bytes32[] memory orgIds);

	/**
	 * @notice Lists all units of an organization. Prefer {listUnits}: this one grows without end.
	 * @param parentOrgId The organization.
	 * @param includeInactive Whether those that are switched off are listed.
	 * @return unitOrgIds Their ids, oldest first.
	 */
	function getUnits(
		bytes32 parentOrgId,
		bool includeInactive
	) external view returns (bytes32[] memory unitOrgIds);

	/**
	 * @notice Lists a page of the organizations at the top level.
	 * @dev Positions count inactive ones too, so nothing is skipped or seen twice when one is switched
	 * between two pages; a page without them may be short. The list ends where `nextCursor` is `total`.
	 * @param includeInactive Whether those that are switched off are listed.
	 * @param cursor Position to start from, 0 for the oldest.
	 * @param count How many positions to look at.
	 * @return orgIds Their ids, oldest first; empty past the end.
	 * @return nextCursor Position after the page.
	 * @return total How many there are, {organizationCount}.
	 */
	function listOrganizations(
		bool includeInactive,
		uint256 cursor,
		uint256 count
	) external view returns (bytes32[] memory orgIds, uint256 nextCursor, uint256 total);

	/**
	 * @notice Lists a page of the units of an organization; pages are those of {listOrganizations}.
	 * @param parentOrgId The organization.
	 * @param includeInactive Whether those that are switched off are listed.
	 * @param cursor Position to start from, 0 for the oldest.
	 * @param count How many positions to look at.
	 * @return unitOrgIds Their ids, oldest first; empty past the end.
	 * @return nextCursor Position after the page.
	 * @return total How many there are, {unitCount}.
	 */
	function listUnits(
		bytes32 parentOrgId,
		bool includeInactive,
		uint256 cursor,
		uint256 count
	) external view returns (bytes32[] memory unitOrgIds, uint256 nextCursor, uint256 total);

	/// @notice Counts the organizations at the top level, inactive ones too.
	/// @return count How many there are.
	function organizationCount() external view returns (uint256 count);

	/// @notice Counts the direct units of an organization, inactive ones too.
	/// @param parentOrgId The organization.
	/// @return count How many there are.
	function unitCount(bytes32 parentOrgId) external view returns (uint256 count);

	/// @notice ERC-165: answers true for ORGiD 1.1, its hierarchy of units, and ERC-165 itself.
	/// @param interfaceId Id of an interface.
	/// @return supported Whether this contract speaks it.
	function supportsInterface(bytes4 interfaceId) external view returns (bool supported);
}

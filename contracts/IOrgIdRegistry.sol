// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/**
 * @title Registry of organizations and their signing keys
 * @notice Compatible with ORGiD 1.1 (functions, events and derivation of ids); adds keys on chain.
 * No view reverts for an id that was never created: `exists` is false, everything else is zero or empty.
 *
 * The state can be rebuilt from the event log alone: creation is followed by {OrgJsonChanged} and, if the
 * creator is the director, by {DirectorshipAccepted}; the first owner of a unit is the owner of its parent at
 * that moment. A call that changes nothing emits no event, except {transferOrganizationOwnership} and
 * {setOrgJson}, which always emit one.
 */
interface IOrgIdRegistry {
	/**
	 * @notice A key that is not revoked.
	 * @param fragment Name of the key within the organization: the part after `#` in its DID URL.
	 * @param x x-coordinate of the secp256k1 point, big-endian.
	 * @param y y-coordinate of the secp256k1 point, big-endian.
	 * @param validFrom Unix seconds from which the key is valid; 0 for no lower bound.
	 * @param validUntil Unix seconds from which it is no longer valid; 0 for no upper bound.
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
	 * @notice An organization and its unrevoked keys; the first eleven members are those of {getOrganization}.
	 * @param exists False if the id was never created; every other member is then zero or empty.
	 * @param orgId Id of the organization.
	 * @param orgJsonHash Hash of its ORG.JSON document; 0 if it has none.
	 * @param orgJsonUri URI of the document; empty if there is none.
	 * @param orgJsonUriBackup1 First backup URI; may be empty.
	 * @param orgJsonUriBackup2 Second backup URI; may be empty.
	 * @param parentOrgId Organization or unit it belongs to; 0 at the top level.
	 * @param owner Account with full control of it.
	 * @param director Account that may manage its document and keys once it has accepted; 0 for none.
	 * @param isActive False while the owner has deactivated it.
	 * @param isDirectorshipAccepted True if it has a director who has accepted.
	 * @param unrevokedKeys Its unrevoked keys, in no particular order; the caller checks when each is valid.
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
	 * @notice A top-level organization was created, active and without a director.
	 * @param orgId Id of the organization.
	 * @param owner Its creator.
	 */
	event OrganizationCreated(bytes32 indexed orgId, address indexed owner);

	/**
	 * @notice A unit was created, active and owned by the owner of its parent.
	 * @param parentOrgId Organization or unit it belongs to.
	 * @param unitOrgId Id of the unit.
	 * @param director Its director, pending unless {DirectorshipAccepted} follows; 0 for none.
	 */
	event UnitCreated(bytes32 indexed parentOrgId, bytes32 indexed unitOrgId, address indexed director);

	/**
	 * @notice An organization was activated or deactivated.
	 * @param orgId The organization.
	 * @param previousState Whether it was active before.
	 * @param newState Whether it is active now.
	 */
	event OrganizationActiveStateChanged(bytes32 indexed orgId, bool previousState, bool newState);

	/**
	 * @notice A director accepted the directorship.
	 * @param orgId The organization.
	 * @param director The director.
	 */
	event DirectorshipAccepted(bytes32 indexed orgId, address indexed director);

	/**
	 * @notice The director changed; the new one is pending unless {DirectorshipAccepted} follows.
	 * @param orgId The organization.
	 * @param previousDirector The director before; 0 for none.
	 * @param newDirector The director now, who may accept; 0 for none.
	 */
	event DirectorshipTransferred(
		bytes32 indexed orgId,
		address indexed previousDirector,
		address indexed newDirector
	);

	/**
	 * @notice The owner changed; {DirectorshipTransferred} follows if there was a director.
	 * @param orgId The organization.
	 * @param previousOwner The owner before.
	 * @param newOwner The owner now.
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
	 * @param newOrgJsonHash Hash now.
	 * @param newOrgJsonUri URI now.
	 * @param newOrgJsonUriBackup1 First backup now.
	 * @param newOrgJsonUriBackup2 Second backup now.
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
	 * @param x x-coordinate of the secp256k1 point.
	 * @param y y-coordinate of the secp256k1 point.
	 * @param validFrom Unix seconds from which the key is valid; 0 for no lower bound.
	 * @param validUntil Unix seconds from which it is no longer valid; 0 for no upper bound.
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
	 * @notice A key was permanently revoked.
	 * @param orgId The organization.
	 * @param fragment Name of the key.
	 * @param revokedAt Timestamp of this block.
	 */
	event KeyRevoked(bytes32 indexed orgId, string fragment, uint48 revokedAt);

	/// @notice No organization has the id `orgId`.
	error OrganizationNotFound(bytes32 orgId);

	/// @notice The caller already created `orgId` with the same salt.
	error OrganizationAlreadyExists(bytes32 orgId);

	/// @notice `caller` doesn't own `orgId`.
	error CallerNotOwner(bytes32 orgId, address caller);

	/// @notice `caller` is neither the accepted nor the pending director of `orgId`.
	error CallerNotDirector(bytes32 orgId, address caller);

	/// @notice `caller` is neither the owner of `orgId` nor its director, or hasn't accepted yet.
	error CallerNotOwnerOrDirector(bytes32 orgId, address caller);

	/// @notice `owner` can't own `orgId`: it is the zero address.
	error InvalidOwner(bytes32 orgId, address owner);

	/// @notice There is a hash without a URI, or a URI or backup without a hash.
	error OrgJsonIncomplete(bytes32 orgJsonHash, string orgJsonUri, string backup1, string backup2);

	/// @notice A URI has `length` bytes; at most `limit` are allowed.
	error UriTooLong(uint256 length, uint256 limit);

	/// @notice `fragment` isn't 1 to 64 characters of `0-9A-Za-z_-`.
	error InvalidFragment(string fragment);

	/// @notice `fragment` is `owner` or `director`, which DID documents use for accounts.
	error ReservedFragment(string fragment);

	/// @notice `orgId` has or had a key named `fragment`; names can't be reused.
	error FragmentAlreadyUsed(bytes32 orgId, string fragment);

	/// @notice (`x`, `y`) aren't the affine coordinates of a point on secp256k1.
	error PointNotOnCurve(bytes32 x, bytes32 y);

	/// @notice `validUntil` isn't later than `validFrom`.
	error InvalidValidity(uint48 validFrom, uint48 validUntil);

	/// @notice `orgId` already has `limit` unrevoked keys, as many as are allowed.
	error TooManyKeys(bytes32 orgId, uint256 limit);

	/// @notice `orgId` never had a key named `fragment`.
	error KeyNotFound(bytes32 orgId, string fragment);

	/// @notice The key `fragment` of `orgId` was revoked at `revokedAt`.
	error KeyAlreadyRevoked(bytes32 orgId, string fragment, uint48 revokedAt);

	/**
	 * @notice Creates a top-level organization, owned by the caller, active and without a director.
	 * @dev Its id is keccak256(caller ‖ salt), so nobody else can claim it first.
	 * @param salt Any value that the caller hasn't used before.
	 * @param orgJsonHash Hash of the ORG.JSON document; 0 if, and only if, `orgJsonUri` is empty.
	 * @param orgJsonUri URI of the document, at most 2,048 bytes, like each backup.
	 * @param orgJsonUriBackup1 First backup URI; may be empty.
	 * @param orgJsonUriBackup2 Second backup URI; may be empty.
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
	 * @notice Creates an active unit of an organization that the caller owns; the caller owns the unit, too.
	 * @param salt Any value that the caller hasn't used before.
	 * @param parentOrgId Organization or unit it belongs to; the caller must own it.
	 * @param director Its director, who must accept unless it is the caller; 0 for none.
	 * @param orgJsonHash Hash of the ORG.JSON document; 0 if, and only if, `orgJsonUri` is empty.
	 * @param orgJsonUri URI of the document, at most 2,048 bytes, like each backup.
	 * @param orgJsonUriBackup1 First backup URI; may be empty.
	 * @param orgJsonUriBackup2 Second backup URI; may be empty.
	 * @return unitOrgId Id of the unit, derived in the same way as an organization's.
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
	 * @notice Deactivates an active organization and activates an inactive one. Owner only.
	 * @param orgId The organization; its units aren't affected.
	 */
	function toggleActiveState(bytes32 orgId) external;

	/**
	 * @notice Activates or deactivates an organization, whatever its state. Owner only.
	 * @param orgId The organization; its units aren't affected.
	 * @param active Whether it is to be active.
	 */
	function setActive(bytes32 orgId, bool active) external;

	/**
	 * @notice Accepts the directorship. Pending director only; has no effect if already accepted.
	 * @param orgId The organization.
	 */
	function acceptDirectorship(bytes32 orgId) external;

	/**
	 * @notice Appoints another director, who must accept unless it is the caller. Owner only.
	 * @param orgId The organization.
	 * @param newDirector The new director; 0 only removes the current one.
	 */
	function transferDirectorship(bytes32 orgId, address newDirector) external;

	/**
	 * @notice Removes the director. Owner or director, pending or accepted.
	 * @param orgId The organization.
	 */
	function renounceDirectorship(bytes32 orgId) external;

	/**
	 * @notice Transfers the organization to another owner and removes the director. Owner only.
	 * @dev Keys remain until they are revoked; the new owner may want to call {revokeAllKeys}.
	 * @param orgId The organization.
	 * @param newOwner The new owner; not the zero address.
	 */
	function transferOrganizationOwnership(bytes32 orgId, address newOwner) external;

	/**
	 * @notice Sets the reference to the ORG.JSON document. Owner or accepted director.
	 * @param orgId The organization.
	 * @param orgJsonHash Hash of the document; 0 if, and only if, `orgJsonUri` is empty.
	 * @param orgJsonUri URI of the document, at most 2,048 bytes, like each backup.
	 * @param orgJsonUriBackup1 First backup URI; may be empty.
	 * @param orgJsonUriBackup2 Second backup URI; may be empty.
	 */
	function setOrgJson(
		bytes32 orgId,
		bytes32 orgJsonHash,
		string memory orgJsonUri,
		string memory orgJsonUriBackup1,
		string memory orgJsonUriBackup2
	) external;

	/**
	 * @notice Adds a key; at most 32 may be unrevoked. Owner or accepted director.
	 * @param orgId The organization.
	 * @param fragment Its name: 1 to 64 characters of `0-9A-Za-z_-`, never used by this organization before.
	 * @param x x-coordinate of the secp256k1 point, big-endian.
	 * @param y y-coordinate of the secp256k1 point, big-endian.
	 * @param validFrom Unix seconds from which the key is valid; 0 for no lower bound.
	 * @param validUntil Unix seconds from which it is no longer valid, after `validFrom`; 0 for no upper bound.
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
	 * @notice Permanently revokes a key. Owner or accepted director.
	 * @param orgId The organization.
	 * @param fragment Name of the key.
	 */
	function revokeKey(bytes32 orgId, string calldata fragment) external;

	/**
	 * @notice Permanently revokes all unrevoked keys. Owner or accepted director.
	 * @param orgId The organization.
	 */
	function revokeAllKeys(bytes32 orgId) external;

	/**
	 * @notice Reads everything needed to verify the organization's signatures.
	 * @param orgId The organization.
	 * @return organization The organization and its unrevoked keys.
	 * @return blockNumber Number of the block it was read at.
	 * @return blockTimestamp Timestamp of that block, Unix seconds.
	 */
	function resolve(
		bytes32 orgId
	)
		external
		view
		returns (ResolvedOrganization memory organization, uint256 blockNumber, uint256 blockTimestamp);

	/**
	 * @notice Reads many organizations at one block, each as {resolve} does.
	 * @param orgIds The organizations.
	 * @return organizations The organizations, in the order of `orgIds`.
	 * @return blockNumber Number of the block it was read at.
	 * @return blockTimestamp Timestamp of that block, Unix seconds.
	 */
	function resolveMany(
		bytes32[] calldata orgIds
	)
		external
		view
		returns (ResolvedOrganization[] memory organizations, uint256 blockNumber, uint256 blockTimestamp);

	/**
	 * @notice Reads a key, whether revoked or not.
	 * @param orgId The organization.
	 * @param fragment Name of the key.
	 * @return exists False if the organization never had such a key; everything else is then zero.
	 * @return x x-coordinate of the secp256k1 point.
	 * @return y y-coordinate of the secp256k1 point.
	 * @return validFrom Unix seconds from which the key is valid; 0 for no lower bound.
	 * @return validUntil Unix seconds from which it is no longer valid; 0 for no upper bound.
	 * @return addedAt Timestamp of the block that added it.
	 * @return revokedAt Timestamp of the block that revoked it; 0 if it isn't revoked.
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
	 * @notice Reads an organization in the format of ORGiD 1.1.
	 * @param id The organization.
	 * @return exists False if the id was never created; everything else is then zero or empty.
	 * @return orgId Id of the organization.
	 * @return orgJsonHash Hash of its ORG.JSON document; 0 if it has none.
	 * @return orgJsonUri URI of the document; empty if there is none.
	 * @return orgJsonUriBackup1 First backup URI; may be empty.
	 * @return orgJsonUriBackup2 Second backup URI; may be empty.
	 * @return parentOrgId Organization or unit it belongs to; 0 at the top level.
	 * @return owner Account with full control of it.
	 * @return director Account that may manage its document and keys once it has accepted; 0 for none.
	 * @return isActive False while the owner has deactivated it.
	 * @return isDirectorshipAccepted True if it has a director who has accepted.
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
	 * @notice Lists all top-level organizations. Prefer {listOrganizations}: this result grows without limit.
	 * @param includeInactive Whether to list inactive ones as well.
	 * @return orgIds Their ids, oldest first.
	 */
	function getOrganizations(bool includeInactive) external view returns (bytes32[] memory orgIds);

	/**
	 * @notice Lists all units of an organization. Prefer {listUnits}: this result grows without limit.
	 * @param parentOrgId The organization.
	 * @param includeInactive Whether to list inactive ones as well.
	 * @return unitOrgIds Their ids, oldest first.
	 */
	function getUnits(
		bytes32 parentOrgId,
		bool includeInactive
	) external view returns (bytes32[] memory unitOrgIds);

	/**
	 * @notice Lists one page of the top-level organizations.
	 * @dev Positions include inactive organizations, so that nothing is skipped or repeated if one is activated
	 * or deactivated between two calls. A page that leaves them out may therefore be shorter than `count`. The
	 * end is reached when `nextCursor` equals `total`.
	 * @param includeInactive Whether to list inactive ones as well.
	 * @param cursor Position to start at; 0 for the oldest.
	 * @param count Number of positions to read.
	 * @return orgIds Their ids, oldest first; empty past the end.
	 * @return nextCursor Position after this page, the cursor of the next.
	 * @return total Number of top-level organizations, as {organizationCount} returns.
	 */
	function listOrganizations(
		bool includeInactive,
		uint256 cursor,
		uint256 count
	) external view returns (bytes32[] memory orgIds, uint256 nextCursor, uint256 total);

	/**
	 * @notice Lists one page of the units of an organization, paged as in {listOrganizations}.
	 * @param parentOrgId The organization.
	 * @param includeInactive Whether to list inactive ones as well.
	 * @param cursor Position to start at; 0 for the oldest.
	 * @param count Number of positions to read.
	 * @return unitOrgIds Their ids, oldest first; empty past the end.
	 * @return nextCursor Position after this page, the cursor of the next.
	 * @return total Number of units, as {unitCount} returns.
	 */
	function listUnits(
		bytes32 parentOrgId,
		bool includeInactive,
		uint256 cursor,
		uint256 count
	) external view returns (bytes32[] memory unitOrgIds, uint256 nextCursor, uint256 total);

	/// @notice Counts the top-level organizations, including inactive ones.
	/// @return count Number of top-level organizations.
	function organizationCount() external view returns (uint256 count);

	/// @notice Counts the direct units of an organization, including inactive ones.
	/// @param parentOrgId The organization.
	/// @return count Number of direct units.
	function unitCount(bytes32 parentOrgId) external view returns (uint256 count);

	/// @notice ERC-165 detection. True for ORGiD 1.1, its unit hierarchy and ERC-165 itself.
	/// @param interfaceId ERC-165 id of an interface.
	/// @return supported Whether this contract implements it.
	function supportsInterface(bytes4 interfaceId) external view returns (bool supported);
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IOrgIdRegistry } from "./IOrgIdRegistry.sol";

/// @dev Declared outside the contract because the compiler needs it before the struct that uses it.
uint256 constant MAX_UNREVOKED_KEYS = 32;

/**
 * @title Registry of organizations and their signing keys
 * @notice Nobody controls it: there is no admin, no proxy and no external call, and no organization or key is
 * ever deleted. {IOrgIdRegistry} documents the functions.
 * @dev Writing a storage slot costs 22,100 gas if it was zero and 5,000 otherwise (EIP-2200, EIP-2929). The
 * counts are therefore kept in slots that are never zero, and the director in one that is zero only for an
 * inactive organization without a director.
 */
contract OrgIdRegistry is IOrgIdRegistry {
	/// @dev Reference to the ORG.JSON document: its hash and where it is.
	struct OrgJson {
		bytes32 hash;
		string uri;
		string backup1;
		string backup2;
	}

	/// @dev `addedAt` is zero only if the key was never added. Until the key is revoked, `position` is its index
	/// in `fragments`.
	struct KeyRecord {
		bytes32 x;
		bytes32 y;
		uint48 validFrom;
		uint48 validUntil;
		uint48 addedAt;
		uint48 revokedAt;
		uint8 position;
	}

	/**
	 * @dev Exists if `owner` isn't zero. If `director` is zero, `isDirectorshipAccepted` is false. The first
	 * `keyCount` of the `fragments` are the names of the unrevoked keys.
	 */
	struct Organization {
		address owner;
		uint8 keyCount;
		uint32 unitCount;
		address director;
		bool isDirectorshipAccepted;
		bool isActive;
		bytes32 parentOrgId;
		OrgJson orgJson;
		string[MAX_UNREVOKED_KEYS] fragments;
		mapping(string fragment => KeyRecord) keys;
	}

	/// @dev ERC-165 ids: 0x01ffc9a7 for ERC-165 itself, 0x0f4893ef and 0x6af2fb27 for ORGiD 1.1.
	bytes4 private constant INTERFACE_ERC165 = IOrgIdRegistry.supportsInterface.selector;
	bytes4 private constant INTERFACE_ORGID =
		IOrgIdRegistry.createOrganization.selector ^
			IOrgIdRegistry.toggleActiveState.selector ^
			IOrgIdRegistry.transferOrganizationOwnership.selector ^
			IOrgIdRegistry.setOrgJson.selector ^
			IOrgIdRegistry.getOrganization.selector ^
			IOrgIdRegistry.getOrganizations.selector;
	bytes4 private constant INTERFACE_ORGID_HIERARCHY =
		IOrgIdRegistry.createUnit.selector ^
			IOrgIdRegistry.acceptDirectorship.selector ^
			IOrgIdRegistry.transferDirectorship.selector ^
			IOrgIdRegistry.renounceDirectorship.selector ^
			IOrgIdRegistry.getUnits.selector;

	/// @dev Key of the top-level organizations in `_children`.
	bytes32 private constant TOP_LEVEL = 0;

	uint256 private constant MAX_URI_BYTES = 2048;
	uint256 private constant MAX_FRAGMENT_BYTES = 64;

	/// @dev Bit n is set if a fragment may contain the character with code n.
	uint256 private constant FRAGMENT_ALPHABET =
		(((1 << 10) - 1) << 48) | // 10 digits from "0"
			(((1 << 26) - 1) << 65) | // 26 letters from "A"
			(((1 << 26) - 1) << 97) | // 26 letters from "a"
			(1 << 95) | // "_"
			(1 << 45); // "-"

	/// @dev secp256k1 is y² = x³ + 7 over the field of this prime (SEC 2, section 2.4.1).
	uint256 private constant FIELD_PRIME = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f;
	uint256 private constant CURVE_B = 7;

	mapping(bytes32 orgId => Organization organization) private _organizations;

	/// @dev Ids by parent, oldest first.
	mapping(bytes32 parentOrgId => mapping(uint256 position => bytes32 orgId)) private _children;

	/// @dev Starts at one so that its slot is never zero.
	uint256 private _organizationCountPlusOne = 1;

	/// @inheritdoc IOrgIdRegistry
	function createOrganization(
		bytes32 salt,
		bytes32 orgJsonHash,
		string memory orgJsonUri,
		string memory orgJsonUriBackup1,
		string memory orgJsonUriBackup2
	) external returns (bytes32 orgId) {
		OrgJson memory orgJson = OrgJson(orgJsonHash, orgJsonUri, orgJsonUriBackup1, orgJsonUriBackup2);
		orgId = _create(salt, address(0), orgJson);
		_children[TOP_LEVEL][_organizationCountPlusOne++ - 1] = orgId;
		emit OrganizationCreated(orgId, msg.sender);
		_emitOrgJsonChanged(orgId, _noOrgJson(), orgJson);
	}

	/// @inheritdoc IOrgIdRegistry
	function createUnit(
		bytes32 salt,
		bytes32 parentOrgId,
		address director,
		bytes32 orgJsonHash,
		string memory orgJsonUri,
		string memory orgJsonUriBackup1,
		string memory orgJsonUriBackup2
	) external returns (bytes32 unitOrgId) {
		Organization storage parent = _organizationOfOwner(parentOrgId);
		OrgJson memory orgJson = OrgJson(orgJsonHash, orgJsonUri, orgJsonUriBackup1, orgJsonUriBackup2);
		unitOrgId = _create(salt, director, orgJson);
		_organizations[unitOrgId].parentOrgId = parentOrgId;
		_children[parentOrgId][parent.unitCount++] = unitOrgId;
		emit UnitCreated(parentOrgId, unitOrgId, director);
		if (director == msg.sender) emit DirectorshipAccepted(unitOrgId, director);
		_emitOrgJsonChanged(unitOrgId, _noOrgJson(), orgJson);
	}

	/// @inheritdoc IOrgIdRegistry
	function toggleActiveState(bytes32 orgId) external {
		Organization storage organization = _organizationOfOwner(orgId);
		_setActive(orgId, organization, !organization.isActive);
	}

	/// @inheritdoc IOrgIdRegistry
	function setActive(bytes32 orgId, bool active) external {
		Organization storage organization = _organizationOfOwner(orgId);
		if (organization.isActive != active) _setActive(orgId, organization, active);
	}

	/// @inheritdoc IOrgIdRegistry
	function acceptDirectorship(bytes32 orgId) external {
		Organization storage organization = _organizations[orgId];
		if (!_isDirector(organization)) {
			if (organization.owner == address(0)) revert OrganizationNotFound(orgId);
			revert CallerNotDirector(orgId, msg.sender);
		}
		if (organization.isDirectorshipAccepted) return;
		organization.isDirectorshipAccepted = true;
		emit DirectorshipAccepted(orgId, msg.sender);
	}

	/// @inheritdoc IOrgIdRegistry
	function transferDirectorship(bytes32 orgId, address newDirector) external {
		Organization storage organization = _organizationOfOwner(orgId);
		(address previous, bool wasAccepted) = (organization.director, organization.isDirectorshipAccepted);
		bool isAccepted = newDirector == msg.sender;
		if (previous == newDirector && wasAccepted == isAccepted) return;
		(organization.director, organization.isDirectorshipAccepted) = (newDirector, isAccepted);
		emit DirectorshipTransferred(orgId, previous, newDirector);
		if (isAccepted) emit DirectorshipAccepted(orgId, newDirector);
	}

	/// @inheritdoc IOrgIdRegistry
	function renounceDirectorship(bytes32 orgId) external {
		Organization storage organization = _organizations[orgId];
		address owner = organization.owner;
		if (owner == address(0)) revert OrganizationNotFound(orgId);
		if (owner != msg.sender && !_isDirector(organization)) {
			revert CallerNotOwnerOrDirector(orgId, msg.sender);
		}
		_emitDirectorRemoved(orgId, _removeDirector(organization));
	}

	/// @inheritdoc IOrgIdRegistry
	function transferOrganizationOwnership(bytes32 orgId, address newOwner) external {
		Organization storage organization = _organizationOfOwner(orgId);
		if (newOwner == address(0)) revert InvalidOwner(orgId, newOwner);
		organization.owner = newOwner;
		address previousDirector = _removeDirector(organization);
		emit OrganizationOwnershipTransferred(orgId, msg.sender, newOwner);
		_emitDirectorRemoved(orgId, previousDirector);
	}

	/// @inheritdoc IOrgIdRegistry
	function setOrgJson(
		bytes32 orgId,
		bytes32 orgJsonHash,
		string memory orgJsonUri,
		string memory orgJsonUriBackup1,
		string memory orgJsonUriBackup2
	) external {
		Organization storage organization = _organizationOfOwnerOrDirector(orgId);
		OrgJson memory previous = organization.orgJson;
		OrgJson memory next = OrgJson(orgJsonHash, orgJsonUri, orgJsonUriBackup1, orgJsonUriBackup2);
		_checkOrgJson(next);
		_storeOrgJson(organization.orgJson, previous, next);
		_emitOrgJsonChanged(orgId, previous, next);
	}

	/// @inheritdoc IOrgIdRegistry
	function addKey(
		bytes32 orgId,
		string calldata fragment,
		bytes32 x,
		bytes32 y,
		uint48 validFrom,
		uint48 validUntil
	) external {
		Organization storage organization = _organizationOfOwnerOrDirector(orgId);
		_checkFragment(fragment);
		if (!_isOnCurve(uint256(x), uint256(y))) revert PointNotOnCurve(x, y);
		if (validUntil != 0 && validUntil <= validFrom) revert InvalidValidity(validFrom, validUntil);
		KeyRecord storage key = organization.keys[fragment];
		if (key.addedAt != 0) revert FragmentAlreadyUsed(orgId, fragment);
		uint8 position = organization.keyCount;
		if (position == MAX_UNREVOKED_KEYS) revert TooManyKeys(orgId, MAX_UNREVOKED_KEYS);

		organization.keyCount = position + 1;
		organization.fragments[position] = fragment;
		uint48 addedAt = uint48(block.timestamp);
		(key.x, key.y) = (x, y);
		(key.validFrom, key.validUntil, key.addedAt, key.position) = (validFrom, validUntil, addedAt, position);
		emit KeyAdded(orgId, fragment, x, y, validFrom, validUntil, addedAt);
	}

	/// @inheritdoc IOrgIdRegistry
	function revokeKey(bytes32 orgId, string calldata fragment) external {
		Organization storage organization = _organizationOfOwnerOrDirector(orgId);
		KeyRecord storage key = organization.keys[fragment];
		if (key.addedAt == 0) revert KeyNotFound(orgId, fragment);
		if (key.revokedAt != 0) revert KeyAlreadyRevoked(orgId, fragment, key.revokedAt);

		uint48 revokedAt = uint48(block.timestamp);
		key.revokedAt = revokedAt;
		uint8 position = key.position;
		uint8 last = organization.keyCount - 1;
		organization.keyCount = last;
		if (position != last) {
			string memory moved = organization.fragments[last];
			organization.fragments[position] = moved;
			organization.keys[moved].position = position;
		}
		delete organization.fragments[last];
		emit KeyRevoked(orgId, fragment, revokedAt);
	}

	/// @inheritdoc IOrgIdRegistry
	function revokeAllKeys(bytes32 orgId) external {
		Organization storage organization = _organizationOfOwnerOrDirector(orgId);
		uint256 count = organization.keyCount;
		string[] memory fragments = new string[](count);
		uint48 revokedAt = uint48(block.timestamp);
		if (count != 0) organization.keyCount = 0;
		for (uint256 i = 0; i < count; i++) {
			fragments[i] = organization.fragments[i];
			organization.keys[fragments[i]].revokedAt = revokedAt;
			delete organization.fragments[i];
		}
		for (uint256 i = 0; i < count; i++) emit KeyRevoked(orgId, fragments[i], revokedAt);
	}

	/// @inheritdoc IOrgIdRegistry
	function resolve(
		bytes32 orgId
	)
		external
		view
		returns (ResolvedOrganization memory organization, uint256 blockNumber, uint256 blockTimestamp)
	{
		return (_resolve(orgId), block.number, block.timestamp);
	}

	/// @inheritdoc IOrgIdRegistry
	function resolveMany(
		bytes32[] calldata orgIds
	)
		external
		view
		returns (ResolvedOrganization[] memory organizations, uint256 blockNumber, uint256 blockTimestamp)
	{
		organizations = new ResolvedOrganization[](orgIds.length);
		for (uint256 i = 0; i < orgIds.length; i++) organizations[i] = _resolve(orgIds[i]);
		return (organizations, block.number, block.timestamp);
	}

	/// @inheritdoc IOrgIdRegistry
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
		)
	{
		KeyRecord memory key = _organizations[orgId].keys[fragment];
		return (key.addedAt != 0, key.x, key.y, key.validFrom, key.validUntil, key.addedAt, key.revokedAt);
	}

	/// @inheritdoc IOrgIdRegistry
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
		)
	{
		Organization storage organization = _organizations[id];
		owner = organization.owner;
		exists = owner != address(0);
		if (exists) orgId = id;
		orgJsonHash = organization.orgJson.hash;
		orgJsonUri = organization.orgJson.uri;
		orgJsonUriBackup1 = organization.orgJson.backup1;
		orgJsonUriBackup2 = organization.orgJson.backup2;
		parentOrgId = organization.parentOrgId;
		director = organization.director;
		isActive = organization.isActive;
		isDirectorshipAccepted = organization.isDirectorshipAccepted;
	}

	/// @inheritdoc IOrgIdRegistry
	function getOrganizations(bool includeInactive) external view returns (bytes32[] memory orgIds) {
		(orgIds, ) = _page(TOP_LEVEL, organizationCount(), includeInactive, 0, type(uint256).max);
	}

	/// @inheritdoc IOrgIdRegistry
	function getUnits(
		bytes32 parentOrgId,
		bool includeInactive
	) external view returns (bytes32[] memory unitOrgIds) {
		(unitOrgIds, ) = _page(parentOrgId, unitCount(parentOrgId), includeInactive, 0, type(uint256).max);
	}

	/// @inheritdoc IOrgIdRegistry
	function listOrganizations(
		bool includeInactive,
		uint256 cursor,
		uint256 count
	) external view returns (bytes32[] memory orgIds, uint256 nextCursor, uint256 total) {
		total = organizationCount();
		(orgIds, nextCursor) = _page(TOP_LEVEL, total, includeInactive, cursor, count);
	}

	/// @inheritdoc IOrgIdRegistry
	function listUnits(
		bytes32 parentOrgId,
		bool includeInactive,
		uint256 cursor,
		uint256 count
	) external view returns (bytes32[] memory unitOrgIds, uint256 nextCursor, uint256 total) {
		total = unitCount(parentOrgId);
		(unitOrgIds, nextCursor) = _page(parentOrgId, total, includeInactive, cursor, count);
	}

	/// @inheritdoc IOrgIdRegistry
	function supportsInterface(bytes4 interfaceId) external pure returns (bool supported) {
		return
			interfaceId == INTERFACE_ORGID ||
			interfaceId == INTERFACE_ORGID_HIERARCHY ||
			interfaceId == INTERFACE_ERC165;
	}

	/// @inheritdoc IOrgIdRegistry
	function organizationCount() public view returns (uint256 count) {
		return _organizationCountPlusOne - 1;
	}

	/// @inheritdoc IOrgIdRegistry
	function unitCount(bytes32 parentOrgId) public view returns (uint256 count) {
		return _organizations[parentOrgId].unitCount;
	}

	/// @dev Stores a new organization owned by the sender. Callers add it to `_children` and emit the events.
	function _create(bytes32 salt, address director, OrgJson memory orgJson) private returns (bytes32 orgId) {
		orgId = keccak256(abi.encodePacked(msg.sender, salt));
		// Only eth_call can be sent from zero, and a zero `owner` means that the organization doesn't exist.
		if (msg.sender == address(0)) revert InvalidOwner(orgId, msg.sender);
		Organization storage organization = _organizations[orgId];
		if (organization.owner != address(0)) revert OrganizationAlreadyExists(orgId);
		_checkOrgJson(orgJson);
		organization.owner = msg.sender;
		organization.director = director;
		organization.isDirectorshipAccepted = director == msg.sender;
		organization.isActive = true;
		_storeOrgJson(organization.orgJson, _noOrgJson(), orgJson);
	}

	function _setActive(bytes32 orgId, Organization storage organization, bool active) private {
		organization.isActive = active;
		emit OrganizationActiveStateChanged(orgId, !active, active);
	}

	function _removeDirector(Organization storage organization) private returns (address previousDirector) {
		previousDirector = organization.director;
		if (previousDirector == address(0)) return previousDirector;
		(organization.director, organization.isDirectorshipAccepted) = (address(0), false);
	}

	function _emitDirectorRemoved(bytes32 orgId, address previousDirector) private {
		if (previousDirector != address(0)) emit DirectorshipTransferred(orgId, previousDirector, address(0));
	}

	/// @dev `previous` is a copy of `stored`; strings that were empty and stay empty aren't written.
	function _storeOrgJson(OrgJson storage stored, OrgJson memory previous, OrgJson memory next) private {
		if (previous.hash != next.hash) stored.hash = next.hash;
		if (bytes(previous.uri).length + bytes(next.uri).length != 0) stored.uri = next.uri;
		if (bytes(previous.backup1).length + bytes(next.backup1).length != 0) stored.backup1 = next.backup1;
		if (bytes(previous.backup2).length + bytes(next.backup2).length != 0) stored.backup2 = next.backup2;
	}

	function _emitOrgJsonChanged(bytes32 orgId, OrgJson memory previous, OrgJson memory next) private {
		emit OrgJsonChanged(
			orgId,
			previous.hash,
			previous.uri,
			previous.backup1,
			previous.backup2,
			next.hash,
			next.uri,
			next.backup1,
			next.backup2
		);
	}

	function _organizationOfOwner(bytes32 orgId) private view returns (Organization storage organization) {
		organization = _organizations[orgId];
		address owner = organization.owner;
		if (owner == address(0)) revert OrganizationNotFound(orgId);
		if (owner != msg.sender) revert CallerNotOwner(orgId, msg.sender);
	}

	function _organizationOfOwnerOrDirector(
		bytes32 orgId
	) private view returns (Organization storage organization) {
		organization = _organizations[orgId];
		address owner = organization.owner;
		if (owner == address(0)) revert OrganizationNotFound(orgId);
		if (owner == msg.sender || (_isDirector(organization) && organization.isDirectorshipAccepted)) {
			return organization;
		}
		revert CallerNotOwnerOrDirector(orgId, msg.sender);
	}

	/// @dev Whether the sender is the director, pending or accepted; never true if there is none.
	function _isDirector(Organization storage organization) private view returns (bool) {
		address director = organization.director;
		return director == msg.sender && director != address(0);
	}

	function _resolve(bytes32 orgId) private view returns (ResolvedOrganization memory resolved) {
		Organization storage organization = _organizations[orgId];
		resolved.owner = organization.owner;
		if (resolved.owner == address(0)) return resolved;
		resolved.exists = true;
		resolved.orgId = orgId;
		resolved.orgJsonHash = organization.orgJson.hash;
		resolved.orgJsonUri = organization.orgJson.uri;
		resolved.orgJsonUriBackup1 = organization.orgJson.backup1;
		resolved.orgJsonUriBackup2 = organization.orgJson.backup2;
		resolved.parentOrgId = organization.parentOrgId;
		resolved.director = organization.director;
		resolved.isActive = organization.isActive;
		resolved.isDirectorshipAccepted = organization.isDirectorshipAccepted;
		uint256 count = organization.keyCount;
		resolved.unrevokedKeys = new Key[](count);
		for (uint256 i = 0; i < count; i++) {
			string memory fragment = organization.fragments[i];
			KeyRecord storage key = organization.keys[fragment];
			resolved.unrevokedKeys[i] = Key({
				fragment: fragment,
				x: key.x,
				y: key.y,
				validFrom: key.validFrom,
				validUntil: key.validUntil,
				addedAt: key.addedAt
			});
		}
	}

	/// @dev Never allocates more than `total - cursor` entries, whatever `count` is.
	function _page(
		bytes32 parentOrgId,
		uint256 total,
		bool includeInactive,
		uint256 cursor,
		uint256 count
	) private view returns (bytes32[] memory orgIds, uint256 nextCursor) {
		if (cursor >= total) return (orgIds, total);
		nextCursor = count < total - cursor ? cursor + count : total;
		orgIds = new bytes32[](nextCursor - cursor);
		uint256 found = 0;
		for (uint256 i = cursor; i < nextCursor; i++) {
			bytes32 orgId = _children[parentOrgId][i];
			if (includeInactive || _organizations[orgId].isActive) orgIds[found++] = orgId;
		}
		// Shortens the array to the ids found, which only assembly can do.
		// solhint-disable-next-line no-inline-assembly
		assembly ("memory-safe") {
			mstore(orgIds, found)
		}
	}

	// solhint-disable-next-line no-empty-blocks
	function _noOrgJson() private pure returns (OrgJson memory orgJson) {}

	function _checkOrgJson(OrgJson memory orgJson) private pure {
		_checkUri(orgJson.uri);
		_checkUri(orgJson.backup1);
		_checkUri(orgJson.backup2);
		bool hasUri = bytes(orgJson.uri).length != 0;
		bool hasBackup = bytes(orgJson.backup1).length + bytes(orgJson.backup2).length != 0;
		if (hasUri != (orgJson.hash != 0) || (hasBackup && !hasUri)) {
			revert OrgJsonIncomplete(orgJson.hash, orgJson.uri, orgJson.backup1, orgJson.backup2);
		}
	}

	function _checkUri(string memory uri) private pure {
		if (bytes(uri).length > MAX_URI_BYTES) revert UriTooLong(bytes(uri).length, MAX_URI_BYTES);
	}

	function _checkFragment(string calldata fragment) private pure {
		bytes calldata characters = bytes(fragment);
		uint256 length = characters.length;
		if (length == 0 || length > MAX_FRAGMENT_BYTES) revert InvalidFragment(fragment);
		for (uint256 i = 0; i < length; i++) {
			if ((FRAGMENT_ALPHABET >> uint8(characters[i])) & 1 == 0) revert InvalidFragment(fragment);
		}
		// Skips the hash unless the length is that of "owner" or "director".
		if (length != 5 && length != 8) return;
		bytes32 hash = keccak256(characters);
		if (hash == keccak256("owner") || hash == keccak256("director")) revert ReservedFragment(fragment);
	}

	/// @dev Whether both coordinates are less than the prime and satisfy the equation (SEC 1, section 3.2.2.1).
	/// The point at infinity has no such coordinates.
	function _isOnCurve(uint256 x, uint256 y) private pure returns (bool) {
		if (x >= FIELD_PRIME || y >= FIELD_PRIME) return false;
		uint256 cube = mulmod(mulmod(x, x, FIELD_PRIME), x, FIELD_PRIME);
		return mulmod(y, y, FIELD_PRIME) == addmod(cube, CURVE_B, FIELD_PRIME);
	}
}

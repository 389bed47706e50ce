// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IOrgIdRegistry } from "../../contracts/IOrgIdRegistry.sol";
import { OrgIdRegistry } from "../../contracts/OrgIdRegistry.sol";
import { G2_X, G2_Y, G_X, G_Y, MAX_KEYS, START_TIME, twoDigits } from "./Fixtures.sol";
import { LogReplay } from "./LogReplay.sol";
import { Vm, vm } from "./Vm.sol";

/**
 * @dev Makes random calls to the registry for the invariants, with few accounts, salts and fragments, mostly
 * as the owner or the director. It models who may do what and with which result, and `surprise` describes the
 * last call that didn't behave as modelled.
 */
contract RegistryHandler {
	struct Ghost {
		bool exists;
		address owner;
		address director;
		bool isAccepted;
		bool isActive;
		bytes32 parentOrgId;
		bytes32 hash;
		address previousOwner;
		address previousDirector;
		uint256 keyCount;
	}

	struct GhostKey {
		bytes32 x;
		uint256 addedAt;
		uint256 revokedAt;
	}

	uint256 private constant ACTORS = 5;
	uint256 private constant SALTS = 3;

	/// @dev The first fragments are for {addKey}, the next ones for {fillKeys} and the rest for {moveKeys}.
	uint256 private constant COMMON_FRAGMENTS = 3;
	uint256 private constant FILL_END = COMMON_FRAGMENTS + MAX_KEYS + 1;
	uint256 private constant MOVES = 4;
	uint256 private constant KEYS_PER_MOVE = 3;
	uint256 private constant FRAGMENTS = FILL_END + 1 + MOVES * KEYS_PER_MOVE;

	OrgIdRegistry private immutable REGISTRY;
	LogReplay private immutable REPLAY;

	address[ACTORS] private actors = [
		address(0xA1),
		address(0xA2),
		address(0xA3),
		address(0xA4),
		address(0xA5)
	];
	mapping(bytes32 orgId => Ghost ghost) private ghosts;
	mapping(bytes32 orgId => mapping(string fragment => GhostKey)) private ghostKeys;
	bytes32[] private created;
	string[] private fragments;
	bool private isFilled;

	/// @dev The last call that didn't behave as modelled; empty if all did.
	string public surprise;
	/// @dev The organization called last.
	bytes32 public touched;
	uint256 public calls;
	uint256 private time = START_TIME;

	constructor(OrgIdRegistry registry, LogReplay replay) {
		(REGISTRY, REPLAY) = (registry, replay);
		fragments = ["a", "webserver", "mail"];
		for (uint256 i = COMMON_FRAGMENTS; i < FRAGMENTS; i++) {
			fragments.push(string.concat("key-", twoDigits(i)));
		}
	}

	function createOrganization(uint256 who, uint256 salt, uint256 document) external {
		address caller = actors[who % ACTORS];
		bytes32 orgId = _orgId(caller, salt % SALTS);
		(bytes32 hash, string memory uri, string memory backup, bool fits) = _document(document);
		bytes memory data = abi.encodeCall(
			IOrgIdRegistry.createOrganization,
			(bytes32(salt % SALTS), hash, uri, backup, "")
		);
		if (!_call("createOrganization", orgId, caller, data, fits && !ghosts[orgId].exists)) return;
		_created(orgId, caller, 0, address(0), hash);
	}

	function createUnit(uint256 which, uint256 who, uint256 salt, uint256 whom, uint256 document) external {
		bytes32 parent = _existing(which);
		address caller = _caller(parent, who);
		bytes32 orgId = _orgId(caller, salt % SALTS);
		address director = _account(whom);
		(bytes32 hash, string memory uri, string memory backup, bool fits) = _document(document);
		bytes memory data = abi.encodeCall(
			IOrgIdRegistry.createUnit,
			(bytes32(salt % SALTS), parent, director, hash, uri, "", backup)
		);
		fits = fits && !ghosts[orgId].exists && _isOwner(parent, caller);
		if (_call("createUnit", orgId, caller, data, fits)) _created(orgId, caller, parent, director, hash);
	}

	function toggleActiveState(uint256 which, uint256 who) external {
		bytes32 orgId = _existing(which);
		address caller = _caller(orgId, who);
		bytes memory data = abi.encodeCall(IOrgIdRegistry.toggleActiveState, (orgId));
		if (_call("toggleActiveState", orgId, caller, data, _isOwner(orgId, caller))) {
			ghosts[orgId].isActive = !ghosts[orgId].isActive;
		}
	}

	function setActive(uint256 which, uint256 who, bool active) external {
		bytes32 orgId = _existing(which);
		address caller = _caller(orgId, who);
		bytes memory data = abi.encodeCall(IOrgIdRegistry.setActive, (orgId, active));
		if (_call("setActive", orgId, caller, data, _isOwner(orgId, caller))) ghosts[orgId].isActive = active;
	}

	function acceptDirectorship(uint256 which, uint256 who) external {
		bytes32 orgId = _existing(which);
		address caller = who % 2 == 0 ? ghosts[orgId].director : _caller(orgId, who / 2);
		bytes memory data = abi.encodeCall(IOrgIdRegistry.acceptDirectorship, (orgId));
		bool fits = caller != address(0) && ghosts[orgId].director == caller;
		if (_call("acceptDirectorship", orgId, caller, data, fits)) ghosts[orgId].isAccepted = true;
	}

	function transferDirectorship(uint256 which, uint256 who, uint256 whom) external {
		bytes32 orgId = _existing(which);
		address caller = _caller(orgId, who);
		address director = _account(whom);
		bytes memory data = abi.encodeCall(IOrgIdRegistry.transferDirectorship, (orgId, director));
		if (_call("transferDirectorship", orgId, caller, data, _isOwner(orgId, caller))) {
			_appointed(orgId, director, director == caller);
		}
	}

	function renounceDirectorship(uint256 which, uint256 who) external {
		bytes32 orgId = _existing(which);
		address caller = _caller(orgId, who);
		bytes memory data = abi.encodeCall(IOrgIdRegistry.renounceDirectorship, (orgId));
		bool fits = _isOwner(orgId, caller) || (caller != address(0) && ghosts[orgId].director == caller);
		if (_call("renounceDirectorship", orgId, caller, data, fits)) _appointed(orgId, address(0), false);
	}

	function transferOrganizationOwnership(uint256 which, uint256 who, uint256 whom) external {
		bytes32 orgId = _existing(which);
		address caller = _caller(orgId, who);
		address owner = _account(whom);
		bytes memory data = abi.encodeCall(IOrgIdRegistry.transferOrganizationOwnership, (orgId, owner));
		bool fits = _isOwner(orgId, caller) && owner != address(0);
		if (!_call("transferOrganizationOwnership", orgId, caller, data, fits)) return;
		(ghosts[orgId].previousOwner, ghosts[orgId].owner) = (caller, owner);
		_appointed(orgId, address(0), false);
	}

	function setOrgJson(uint256 which, uint256 who, uint256 document) external {
		bytes32 orgId = _existing(which);
		address caller = _caller(orgId, who);
		(bytes32 hash, string memory uri, string memory backup, bool fits) = _document(document);
		bytes memory data = abi.encodeCall(IOrgIdRegistry.setOrgJson, (orgId, hash, uri, backup, ""));
		if (_call("setOrgJson", orgId, caller, data, fits && _mayAct(orgId, caller))) ghosts[orgId].hash = hash;
	}

	function addKey(uint256 which, uint256 who, uint256 name, bool second) external {
		bytes32 orgId = _existing(which);
		_addKey(orgId, _caller(orgId, who), fragments[name % COMMON_FRAGMENTS], second);
	}

	/// @dev Adds keys to one organization, not the first, until it has MAX_KEYS, and then tries to add another.
	function fillKeys(uint256 which) external {
		if (created.length < 2 || isFilled) return;
		isFilled = true;
		bytes32 orgId = created[1 + (which % (created.length - 1))];
		Ghost storage ghost = ghosts[orgId];
		for (uint256 i = COMMON_FRAGMENTS; i < FILL_END && ghost.keyCount < MAX_KEYS; i++) {
			_addKey(orgId, ghost.owner, fragments[i], i % 2 == 0);
		}
		_addKey(orgId, ghost.owner, fragments[FILL_END], false);
	}

	function revokeKey(uint256 which, uint256 who, uint256 name) external {
		bytes32 orgId = _existing(which);
		address caller = _caller(orgId, who);
		_revokeKey(orgId, caller, _fragment(orgId, name));
	}

	/// @dev Adds three keys and revokes two of them, in any order, so that keys move within the list.
	function moveKeys(uint256 which, uint256 order) external {
		bytes32 orgId = _existing(which);
		address owner = ghosts[orgId].owner;
		uint256 first = FILL_END + 1 + ((order / 6) % MOVES) * KEYS_PER_MOVE;
		for (uint256 i = 0; i < KEYS_PER_MOVE; i++) _addKey(orgId, owner, fragments[first + i], i == 1);
		uint256 step = 1 + ((order / 3) % 2);
		for (uint256 i = 0; i < 2; i++) {
			_revokeKey(orgId, owner, fragments[first + ((order + i * step) % KEYS_PER_MOVE)]);
		}
	}

	function revokeAllKeys(uint256 which, uint256 who) external {
		bytes32 orgId = _existing(which);
		address caller = _caller(orgId, who);
		bytes memory data = abi.encodeCall(IOrgIdRegistry.revokeAllKeys, (orgId));
		if (!_call("revokeAllKeys", orgId, caller, data, _mayAct(orgId, caller))) return;
		ghosts[orgId].keyCount = 0;
		for (uint256 i = 0; i < fragments.length; i++) {
			GhostKey storage key = ghostKeys[orgId][fragments[i]];
			if (key.addedAt != 0 && key.revokedAt == 0) key.revokedAt = time;
		}
	}

	function ghostOf(bytes32 orgId) external view returns (Ghost memory) {
		return ghosts[orgId];
	}

	function ghostKeyOf(bytes32 orgId, string calldata fragment) external view returns (GhostKey memory) {
		return ghostKeys[orgId][fragment];
	}

	/// @dev Every id that could be created.
	function allIds() external view returns (bytes32[] memory orgIds) {
		orgIds = new bytes32[](ACTORS * SALTS);
		for (uint256 i = 0; i < orgIds.length; i++) orgIds[i] = _orgId(actors[i / SALTS], i % SALTS);
	}

	function createdCount() external view returns (uint256) {
		return created.length;
	}

	function _revokeKey(bytes32 orgId, address caller, string memory fragment) private {
		GhostKey storage key = ghostKeys[orgId][fragment];
		bytes memory data = abi.encodeCall(IOrgIdRegistry.revokeKey, (orgId, fragment));
		bool fits = _mayAct(orgId, caller) && key.addedAt != 0 && key.revokedAt == 0;
		if (!_call("revokeKey", orgId, caller, data, fits)) return;
		key.revokedAt = time;
		ghosts[orgId].keyCount--;
	}

	function _addKey(bytes32 orgId, address caller, string memory fragment, bool second) private {
		(bytes32 x, bytes32 y) = second ? (G2_X, G2_Y) : (G_X, G_Y);
		bytes memory data = abi.encodeCall(IOrgIdRegistry.addKey, (orgId, fragment, x, y, 0, uint48(time)));
		Ghost storage ghost = ghosts[orgId];
		bool fits =
			_mayAct(orgId, caller) && ghostKeys[orgId][fragment].addedAt == 0 && ghost.keyCount < MAX_KEYS;
		if (!_call("addKey", orgId, caller, data, fits)) return;
		ghostKeys[orgId][fragment] = GhostKey(x, time, 0);
		ghost.keyCount++;
	}

	/// @dev Makes a call and replays its logs; returns whether it succeeded and was meant to.
	function _call(
		string memory name,
		bytes32 orgId,
		address caller,
		bytes memory data,
		bool fits
	) private returns (bool) {
		(touched, calls, time) = (orgId, calls + 1, time + 1);
		vm.warp(time);
		vm.recordLogs();
		vm.prank(caller);
		(bool success, ) = address(REGISTRY).call(data);
		Vm.Log[] memory logs = vm.getRecordedLogs();
		try REPLAY.apply_(logs) {} catch {
			surprise = string.concat(name, " emits events that contradict the state");
		}
		if (success != fits) surprise = string.concat(name, success ? " is allowed" : " is refused");
		return success && fits;
	}

	function _created(bytes32 orgId, address owner, bytes32 parent, address director, bytes32 hash) private {
		Ghost storage ghost = ghosts[orgId];
		(ghost.exists, ghost.isActive, ghost.owner, ghost.parentOrgId) = (true, true, owner, parent);
		(ghost.director, ghost.isAccepted, ghost.hash) = (director, director == owner, hash);
		created.push(orgId);
	}

	function _appointed(bytes32 orgId, address director, bool isAccepted) private {
		Ghost storage ghost = ghosts[orgId];
		if (ghost.director != address(0)) ghost.previousDirector = ghost.director;
		(ghost.director, ghost.isAccepted) = (director, isAccepted);
	}

	function _isOwner(bytes32 orgId, address caller) private view returns (bool) {
		return ghosts[orgId].exists && ghosts[orgId].owner == caller;
	}

	function _mayAct(bytes32 orgId, address caller) private view returns (bool) {
		Ghost storage ghost = ghosts[orgId];
		bool isDirector = ghost.director != address(0) && ghost.isAccepted && ghost.director == caller;
		return ghost.exists && (ghost.owner == caller || isDirector);
	}

	/// @dev Mostly an unrevoked key, otherwise any common fragment.
	function _fragment(bytes32 orgId, uint256 name) private view returns (string memory) {
		(IOrgIdRegistry.ResolvedOrganization memory o, , ) = REGISTRY.resolve(orgId);
		if (name % 4 == 0 || o.unrevokedKeys.length == 0) return fragments[(name / 4) % COMMON_FRAGMENTS];
		return o.unrevokedKeys[(name / 4) % o.unrevokedKeys.length].fragment;
	}

	/// @dev Half the time the first organization, otherwise any; rarely one that may not exist.
	function _existing(uint256 which) private view returns (bytes32) {
		if (created.length == 0 || which % 31 == 0) return _orgId(actors[which % ACTORS], which % SALTS);
		return created[which % 2 == 0 ? 0 : (which / 2) % created.length];
	}

	/// @dev Half the time the owner, otherwise the director, a previous one of either, or anyone.
	function _caller(bytes32 orgId, uint256 who) private view returns (address) {
		Ghost storage ghost = ghosts[orgId];
		uint256 kind = who % 8;
		if (kind < 4 && ghost.exists) return ghost.owner;
		if (kind < 6 && ghost.director != address(0)) return ghost.director;
		if (kind == 6) return who % 16 == 6 ? ghost.previousOwner : ghost.previousDirector;
		return actors[(who / 8) % ACTORS];
	}

	/// @dev Any account, or sometimes zero.
	function _account(uint256 whom) private view returns (address) {
		return whom % (ACTORS + 1) == ACTORS ? address(0) : actors[whom % (ACTORS + 1)];
	}

	/// @dev Mostly a valid reference, with both hash and URI or neither; `fits` says whether it is valid.
	function _document(
		uint256 seed
	) private pure returns (bytes32 hash, string memory uri, string memory backup, bool fits) {
		uint256 kind = seed % 8;
		if (kind < 5)
			return (keccak256(abi.encode(seed)), kind == 4 ? "https://b" : "https://a", "https://c", true);
		if (kind == 5) return (0, "", "", true);
		if (kind == 6) return (keccak256(abi.encode(seed)), "", "", false);
		return (0, seed % 16 == 7 ? "https://a" : "", "https://c", false);
	}

	function _orgId(address creator, uint256 salt) private pure returns (bytes32) {
		return keccak256(abi.encodePacked(creator, bytes32(salt)));
	}
}

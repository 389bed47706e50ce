// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IOrgIdRegistry } from "../../contracts/IOrgIdRegistry.sol";
import { OrgIdRegistry } from "../../contracts/OrgIdRegistry.sol";
import { LogReplay } from "./LogReplay.sol";
import { Vm } from "./Vm.sol";

/**
 * @dev Calls the registry at random for the invariants: five accounts, fifteen ids, three fragments, callers
 * who are mostly the owner or the director. It keeps its own idea of who may do what and of what follows,
 * and notes the first call that went otherwise in `surprise`.
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

	Vm private constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
	bytes32 private constant GX = 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798;
	bytes32 private constant GY = 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8;
	bytes32 private constant GX2 = 0xc6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5;
	bytes32 private constant GY2 = 0x1ae168fea63dc339a3c58419466ceaeef7f632653266d0e1236431a950cfe52a;

	/// @dev Fragments 0 to 2 are anybody's, up to here those that fill an organization, the rest those that move.
	uint256 private constant FILL_END = 36;

	OrgIdRegistry private immutable REGISTRY;
	LogReplay private immutable REPLAY;

	address[5] private actors = [address(0xA1), address(0xA2), address(0xA3), address(0xA4), address(0xA5)];
	mapping(bytes32 orgId => Ghost) private ghosts;
	mapping(bytes32 orgId => mapping(string fragment => GhostKey)) private ghostKeys;
	bytes32[] private created;
	string[] private fragments;
	bool private isFilled;

	/// @dev The first call whose outcome wasn't the expected one; empty when there was none.
	string public surprise;
	/// @dev The organization called last.
	bytes32 public touched;
	uint256 public calls;
	uint256 private time = 1_800_000_000;

	constructor(OrgIdRegistry registry, LogReplay replay) {
		(REGISTRY, REPLAY) = (registry, replay);
		fragments = ["a", "webserver", "mail"];
		for (uint256 i = 0; i < 46; i++) fragments.push(_numbered(i));
	}

	function createOrganization(uint256 who, uint256 salt, uint256 document) external {
		address caller = actors[who % 5];
		bytes32 orgId = _orgId(caller, salt % 3);
		(bytes32 hash, string memory uri, string memory backup, bool fits) = _document(document);
		bytes memory data = abi.encodeCall(
			IOrgIdRegistry.createOrganization,
			(bytes32(salt % 3), hash, uri, backup, "")
		);
		if (!_call("createOrganization", orgId, caller, data, fits && !ghosts[orgId].exists)) return;
		_created(orgId, caller, 0, address(0), hash);
	}

	function createUnit(uint256 which, uint256 who, uint256 salt, uint256 whom, uint256 document) external {
		bytes32 parent = _existing(which);
		address caller = _caller(parent, who);
		bytes32 orgId = _orgId(caller, salt % 3);
		address director = _account(whom);
		(bytes32 hash, string memory uri, string memory backup, bool fits) = _document(document);
		bytes memory data = abi.encodeCall(
			IOrgIdRegistry.createUnit,
			(bytes32(salt % 3), parent, director, hash, uri, "", backup)
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
		_addKey(orgId, _caller(orgId, who), fragments[name % 3], second);
	}

	/// @dev Adds keys until there are as many as fit, and tries one more; for one organization, not the first.
	function fillKeys(uint256 which) external {
		if (created.length < 2 || isFilled) return;
		isFilled = true;
		bytes32 orgId = created[1 + (which % (created.length - 1))];
		Ghost storage ghost = ghosts[orgId];
		for (uint256 i = 3; i < FILL_END && ghost.keyCount < 32; i++) {
			_addKey(orgId, ghost.owner, fragments[i], i % 2 == 0);
		}
		_addKey(orgId, ghost.owner, fragments[FILL_END], false);
	}

	function revokeKey(uint256 which, uint256 who, uint256 name) external {
		bytes32 orgId = _existing(which);
		address caller = _caller(orgId, who);
		_revokeKey(orgId, caller, _fragment(orgId, name));
	}

	/// @dev Three keys come and two of them go, in any order, so that keys move within the list.
	function moveKeys(uint256 which, uint256 order) external {
		bytes32 orgId = _existing(which);
		address owner = ghosts[orgId].owner;
		uint256 first = FILL_END + 1 + ((order / 6) % 4) * 3;
		for (uint256 i = 0; i < 3; i++) _addKey(orgId, owner, fragments[first + i], i == 1);
		uint256 step = 1 + ((order / 3) % 2);
		for (uint256 i = 0; i < 2; i++) _revokeKey(orgId, owner, fragments[first + ((order + i * step) % 3)]);
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

	/// @dev Every id that was or could be created.
	function allIds() external view returns (bytes32[] memory orgIds) {
		orgIds = new bytes32[](15);
		for (uint256 i = 0; i < 15; i++) orgIds[i] = _orgId(actors[i / 3], i % 3);
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
		(bytes32 x, bytes32 y) = second ? (GX2, GY2) : (GX, GY);
		bytes memory data = abi.encodeCall(IOrgIdRegistry.addKey, (orgId, fragment, x, y, 0, uint48(time)));
		Ghost storage ghost = ghosts[orgId];
		bool fits = _mayAct(orgId, caller) && ghostKeys[orgId][fragment].addedAt == 0 && ghost.keyCount < 32;
		if (!_call("addKey", orgId, caller, data, fits)) return;
		ghostKeys[orgId][fragment] = GhostKey(x, time, 0);
		ghost.keyCount++;
	}

	/// @dev Makes the call, replays its logs, and tells whether it did what it should have done.
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
			surprise = string.concat(name, " logs what doesn't follow");
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

	/// @dev Mostly a key there is, else any fragment.
	function _fragment(bytes32 orgId, uint256 name) private view returns (string memory) {
		(IOrgIdRegistry.ResolvedOrganization memory o, , ) = REGISTRY.resolve(orgId);
		if (name % 4 == 0 || o.unrevokedKeys.length == 0) return fragments[(name / 4) % 3];
		return o.unrevokedKeys[(name / 4) % o.unrevokedKeys.length].fragment;
	}

	/// @dev An organization there is, half the time the first; seldom one there isn't.
	function _existing(uint256 which) private view returns (bytes32) {
		if (created.length == 0 || which % 31 == 0) return _orgId(actors[which % 5], which % 3);
		return created[which % 2 == 0 ? 0 : (which / 2) % created.length];
	}

	/// @dev Half the time the owner, else the director, those before them, or anybody.
	function _caller(bytes32 orgId, uint256 who) private view returns (address) {
		Ghost storage ghost = ghosts[orgId];
		uint256 kind = who % 8;
		if (kind < 4 && ghost.exists) return ghost.owner;
		if (kind < 6 && ghost.director != address(0)) return ghost.director;
		if (kind == 6) return who % 16 == 6 ? ghost.previousOwner : ghost.previousDirector;
		return actors[(who / 8) % 5];
	}

	/// @dev Any account, sometimes none.
	function _account(uint256 whom) private view returns (address) {
		return whom % 6 == 5 ? address(0) : actors[whom % 6];
	}

	/// @dev Mostly a document that fits: hash and URI, or neither.
	function _document(
		uint256 seed
	) private pure returns (bytes32 hash, string memory uri, string memory backup, bool fits) {
		uint256 kind = seed % 8;
		if (kind < 5) return (keccak256(abi.encode(seed)), kind == 4 ? "https://b" : "https://a", "https://c", true);
		if (kind == 5) return (0, "", "", true);
		if (kind == 6) return (keccak256(abi.encode(seed)), "", "", false);
		return (0, seed % 16 == 7 ? "https://a" : "", "https://c", false);
	}

	function _orgId(address creator, uint256 salt) private pure returns (bytes32) {
		return keccak256(abi.encodePacked(creator, bytes32(salt)));
	}

	function _numbered(uint256 number) private pure returns (string memory) {
		return string(abi.encodePacked("key-", uint8(48 + number / 10), uint8(48 + (number % 10))));
	}
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IOrgIdRegistry } from "../../contracts/IOrgIdRegistry.sol";
import { MAX_KEYS } from "./Fixtures.sol";
import { LogReplay } from "./LogReplay.sol";
import { RegistryHandler } from "./RegistryHandler.sol";
import { RegistryTest } from "./RegistryTest.sol";

/// @dev What holds after any sequence of calls (T68). Each call is followed by a check of the organization it
/// named, and every 32nd by a check of all organizations.
contract InvariantsTest is RegistryTest {
	uint256 private constant CALLS_BETWEEN_FULL_CHECKS = 32;

	RegistryHandler private handler;
	LogReplay private replay;

	function setUp() public override {
		super.setUp();
		replay = new LogReplay();
		handler = new RegistryHandler(registry, replay);
	}

	function targetContracts() external view returns (address[] memory targets) {
		targets = new address[](1);
		targets[0] = address(handler);
	}

	/// @dev Covers who may act (T68), hash and URI together, used fragments and the limit of keys.
	function invariant_callsSucceedExactlyWhenAllowed() external view {
		require(bytes(handler.surprise()).length == 0, handler.surprise());
	}

	function invariant_authority() external view {
		bytes32[] memory orgIds = _checkedIds();
		for (uint256 i = 0; i < orgIds.length; i++) {
			IOrgIdRegistry.ResolvedOrganization memory o = _read(orgIds[i]);
			RegistryHandler.Ghost memory ghost = handler.ghostOf(orgIds[i]);
			require(o.exists == ghost.exists, "an id was created or deleted");
			require(o.exists == (o.owner != address(0)) && o.owner == ghost.owner, "not one owner");
			require(o.director == ghost.director, "director");
			require(o.isDirectorshipAccepted == ghost.isAccepted, "acceptance");
			require(!o.isDirectorshipAccepted || o.director != address(0), "power of nobody");
			require(o.isActive == ghost.isActive, "active flag changed without the owner");
			require(o.parentOrgId == ghost.parentOrgId, "parent");
		}
	}

	function invariant_hashAndUriChangeTogether() external view {
		bytes32[] memory orgIds = _checkedIds();
		for (uint256 i = 0; i < orgIds.length; i++) {
			IOrgIdRegistry.ResolvedOrganization memory o = _read(orgIds[i]);
			require(o.orgJsonHash == handler.ghostOf(orgIds[i]).hash, "hash");
			bool hasUri = bytes(o.orgJsonUri).length != 0;
			require((o.orgJsonHash != 0) == hasUri, "hash without URI or URI without hash");
			bool hasBackup = bytes(o.orgJsonUriBackup1).length + bytes(o.orgJsonUriBackup2).length != 0;
			require(hasUri || !hasBackup, "backup without URI");
		}
	}

	function invariant_keysAreBurnedCappedAndListed() external view {
		bytes32[] memory orgIds = _checkedIds();
		for (uint256 i = 0; i < orgIds.length; i++) {
			IOrgIdRegistry.Key[] memory listed = _read(orgIds[i]).unrevokedKeys;
			require(listed.length <= MAX_KEYS, "too many keys");
			require(listed.length == handler.ghostOf(orgIds[i]).keyCount, "count of keys");
			for (uint256 j = 0; j < listed.length; j++) {
				RegistryHandler.GhostKey memory ghost = handler.ghostKeyOf(orgIds[i], listed[j].fragment);
				require(ghost.addedAt == listed[j].addedAt && ghost.x == listed[j].x, "another key");
				require(ghost.revokedAt == 0, "a revoked key came back");
			}
		}
	}

	function invariant_logReplaysToTheState() external view {
		bytes32[] memory orgIds = _checkedIds();
		for (uint256 i = 0; i < orgIds.length; i++) {
			IOrgIdRegistry.ResolvedOrganization memory o = _read(orgIds[i]);
			_assertListed(orgIds[i], o.unrevokedKeys);
			if (orgIds.length > 1) _assertKeys(orgIds[i], o.unrevokedKeys);
			o.unrevokedKeys = new IOrgIdRegistry.Key[](0);
			bytes memory replayed = abi.encode(replay.organizationOf(orgIds[i]));
			require(keccak256(abi.encode(o)) == keccak256(replayed), "organization");
		}
	}

	function invariant_listsAreTheCreatedIds() external view {
		bytes32[] memory top = registry.getOrganizations(true);
		require(_hash(top) == _hash(replay.childrenOf(0)), "top level");
		require(registry.organizationCount() == top.length, "count");
		bytes32[] memory orgIds = _checkedIds();
		for (uint256 i = 0; i < orgIds.length; i++) {
			bytes32 parent = handler.ghostOf(orgIds[i]).parentOrgId;
			if (parent == 0) parent = orgIds[i];
			require(_hash(registry.getUnits(parent, true)) == _hash(replay.childrenOf(parent)), "units");
		}
		if (orgIds.length == 1) return;
		uint256 count = top.length;
		for (uint256 i = 0; i < orgIds.length; i++) count += registry.unitCount(orgIds[i]);
		require(count == handler.createdCount(), "an id is missing or listed twice");
	}

	/// @dev The list has as many keys as the log says, and each is as logged.
	function _assertListed(bytes32 orgId, IOrgIdRegistry.Key[] memory listed) private view {
		require(listed.length == replay.unrevokedCountOf(orgId), "length of the list");
		for (uint256 i = 0; i < listed.length; i++) {
			(IOrgIdRegistry.Key memory key, uint48 revokedAt) = replay.keyOf(orgId, listed[i].fragment);
			require(revokedAt == 0 && keccak256(abi.encode(listed[i])) == keccak256(abi.encode(key)), "listed key");
		}
	}

	/// @dev Every key that was ever added reads as logged, and none is listed twice.
	function _assertKeys(bytes32 orgId, IOrgIdRegistry.Key[] memory listed) private view {
		(IOrgIdRegistry.Key[] memory keys, uint48[] memory revokedAt) = replay.keysOf(orgId);
		for (uint256 i = 0; i < keys.length; i++) {
			IOrgIdRegistry.Key memory read;
			(bool exists, uint48 readRevokedAt) = (false, 0);
			read.fragment = keys[i].fragment;
			(exists, read.x, read.y, read.validFrom, read.validUntil, read.addedAt, readRevokedAt) = registry
				.getKey(orgId, read.fragment);
			require(exists && readRevokedAt == revokedAt[i], "revocation");
			require(keccak256(abi.encode(read)) == keccak256(abi.encode(keys[i])), "key");
		}
		for (uint256 i = 0; i < listed.length; i++) {
			for (uint256 j = 0; j < i; j++) require(!_same(listed[i].fragment, listed[j].fragment), "listed twice");
		}
	}

	function _checkedIds() private view returns (bytes32[] memory orgIds) {
		if (handler.calls() % CALLS_BETWEEN_FULL_CHECKS == 0) return handler.allIds();
		orgIds = new bytes32[](1);
		orgIds[0] = handler.touched();
	}

	function _hash(bytes32[] memory orgIds) private pure returns (bytes32) {
		return keccak256(abi.encodePacked(orgIds));
	}
}

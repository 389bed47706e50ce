// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IOrgIdRegistry } from "../../contracts/IOrgIdRegistry.sol";
import { Vm } from "./Vm.sol";

/// @dev Rebuilds the registry's state from its event log alone.
contract LogReplay {
	struct Replayed {
		IOrgIdRegistry.ResolvedOrganization organization;
		string[] fragments;
		uint256 unrevokedCount;
		mapping(string fragment => IOrgIdRegistry.Key) keys;
		mapping(string fragment => uint48) revokedAt;
	}

	mapping(bytes32 orgId => Replayed state) private replayed;
	mapping(bytes32 parentOrgId => bytes32[] orgIds) private children;

	function apply_(Vm.Log[] calldata logs) external {
		for (uint256 i = 0; i < logs.length; i++) _apply(logs[i].topics, logs[i].data);
	}

	/// @dev An organization, without its keys.
	function organizationOf(bytes32 orgId) external view returns (IOrgIdRegistry.ResolvedOrganization memory) {
		return replayed[orgId].organization;
	}

	/// @dev All keys that were ever added, oldest first.
	function keysOf(
		bytes32 orgId
	) external view returns (IOrgIdRegistry.Key[] memory keys, uint48[] memory revokedAt) {
		Replayed storage one = replayed[orgId];
		keys = new IOrgIdRegistry.Key[](one.fragments.length);
		revokedAt = new uint48[](one.fragments.length);
		for (uint256 i = 0; i < keys.length; i++) {
			keys[i] = one.keys[one.fragments[i]];
			revokedAt[i] = one.revokedAt[one.fragments[i]];
		}
	}

	function keyOf(
		bytes32 orgId,
		string calldata fragment
	) external view returns (IOrgIdRegistry.Key memory key, uint48 revokedAt) {
		return (replayed[orgId].keys[fragment], replayed[orgId].revokedAt[fragment]);
	}

	function unrevokedCountOf(bytes32 orgId) external view returns (uint256) {
		return replayed[orgId].unrevokedCount;
	}

	/// @dev The units of an organization, or the top-level organizations for 0.
	function childrenOf(bytes32 parentOrgId) external view returns (bytes32[] memory) {
		return children[parentOrgId];
	}

	function _apply(bytes32[] calldata topics, bytes calldata data) private {
		bytes32 topic = topics[0];
		IOrgIdRegistry.ResolvedOrganization storage o = replayed[topics[1]].organization;
		if (topic == IOrgIdRegistry.OrganizationCreated.selector) {
			_created(0, topics[1], _account(topics[2]));
		} else if (topic == IOrgIdRegistry.UnitCreated.selector) {
			_created(topics[1], topics[2], o.owner);
			replayed[topics[2]].organization.director = _account(topics[3]);
		} else if (topic == IOrgIdRegistry.OrganizationActiveStateChanged.selector) {
			(bool previous, bool next) = abi.decode(data, (bool, bool));
			require(previous == o.isActive, "previous state");
			o.isActive = next;
		} else if (topic == IOrgIdRegistry.DirectorshipAccepted.selector) {
			require(o.director == _account(topics[2]), "accepting director");
			o.isDirectorshipAccepted = true;
		} else if (topic == IOrgIdRegistry.DirectorshipTransferred.selector) {
			require(o.director == _account(topics[2]), "previous director");
			(o.director, o.isDirectorshipAccepted) = (_account(topics[3]), false);
		} else if (topic == IOrgIdRegistry.OrganizationOwnershipTransferred.selector) {
			require(o.owner == _account(topics[2]), "previous owner");
			o.owner = _account(topics[3]);
		} else if (topic == IOrgIdRegistry.OrgJsonChanged.selector) {
			_documented(o, topics[2], topics[3], data);
		} else if (topic == IOrgIdRegistry.KeyAdded.selector) {
			_keyAdded(replayed[topics[1]], data);
		} else if (topic == IOrgIdRegistry.KeyRevoked.selector) {
			(string memory fragment, uint48 revokedAt) = abi.decode(data, (string, uint48));
			replayed[topics[1]].revokedAt[fragment] = revokedAt;
			replayed[topics[1]].unrevokedCount--;
		} else {
			revert("unknown event");
		}
	}

	function _created(bytes32 parentOrgId, bytes32 orgId, address owner) private {
		children[parentOrgId].push(orgId);
		IOrgIdRegistry.ResolvedOrganization storage o = replayed[orgId].organization;
		(o.exists, o.isActive, o.orgId, o.parentOrgId, o.owner) = (true, true, orgId, parentOrgId, owner);
	}

	function _documented(
		IOrgIdRegistry.ResolvedOrganization storage o,
		bytes32 previousHash,
		bytes32 newHash,
		bytes calldata data
	) private {
		(string memory uri, , ) = abi.decode(data, (string, string, string));
		require(
			previousHash == o.orgJsonHash && keccak256(bytes(uri)) == keccak256(bytes(o.orgJsonUri)),
			"previous document"
		);
		o.orgJsonHash = newHash;
		(, , , o.orgJsonUri, o.orgJsonUriBackup1, o.orgJsonUriBackup2) = abi.decode(
			data,
			(string, string, string, string, string, string)
		);
	}

	function _keyAdded(Replayed storage one, bytes calldata data) private {
		IOrgIdRegistry.Key memory key;
		(key.fragment, key.x, key.y, key.validFrom, key.validUntil, key.addedAt) = abi.decode(
			data,
			(string, bytes32, bytes32, uint48, uint48, uint48)
		);
		one.fragments.push(key.fragment);
		one.unrevokedCount++;
		one.keys[key.fragment] = key;
	}

	function _account(bytes32 topic) private pure returns (address) {
		return address(uint160(uint256(topic)));
	}
}

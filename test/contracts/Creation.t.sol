// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IOrgIdRegistry } from "../../contracts/IOrgIdRegistry.sol";
import { RegistryTest } from "./RegistryTest.sol";
import { Vm, vm } from "./Vm.sol";

/// @dev Creating organizations and units: ids, initial state, events, what is refused.
contract CreationTest is RegistryTest {
	function test_idIsKeccakOfCreatorAndSalt() external {
		bytes32 orgId = _create(OWNER, "salt");
		require(orgId == keccak256(abi.encodePacked(OWNER, bytes32("salt"))), "id");
	}

	function test_organizationStartsActiveWithoutDirector() external {
		IOrgIdRegistry.ResolvedOrganization memory o = _read(_create(OWNER, "a"));
		require(o.exists && o.isActive && !o.isDirectorshipAccepted, "flags");
		require(o.owner == OWNER && o.director == address(0) && o.parentOrgId == 0, "accounts");
		require(o.orgJsonHash == HASH && _same(o.orgJsonUri, URI), "document");
		require(o.unrevokedKeys.length == 0, "keys");
	}

	function test_organizationEmitsCreationAndDocument() external {
		vm.recordLogs();
		bytes32 orgId = _create(OWNER, "a");
		Vm.Log[] memory logs = _logs();
		require(logs.length == 2, "count");
		_assertLog(logs[0], IOrgIdRegistry.OrganizationCreated.selector, orgId, "");
		_assertTopics(logs[0], _topic(OWNER));
		_assertLog(logs[1], IOrgIdRegistry.OrgJsonChanged.selector, orgId, abi.encode("", "", "", URI, "", ""));
		_assertTopics(logs[1], 0, HASH);
	}

	function test_unitStartsWithPendingDirector() external {
		bytes32 parent = _create(OWNER, "a");
		vm.recordLogs();
		bytes32 unit = _createUnit(parent, "u", DIRECTOR);
		Vm.Log[] memory logs = _logs();
		require(logs.length == 2, "count");
		_assertLog(logs[0], IOrgIdRegistry.UnitCreated.selector, parent, "");
		_assertTopics(logs[0], unit, _topic(DIRECTOR));
		_assertLog(logs[1], IOrgIdRegistry.OrgJsonChanged.selector, unit, abi.encode("", "", "", URI, "", ""));
		_assertTopics(logs[1], 0, HASH);
		IOrgIdRegistry.ResolvedOrganization memory o = _read(unit);
		require(o.parentOrgId == parent && o.owner == OWNER && o.director == DIRECTOR, "accounts");
		require(o.isActive && !o.isDirectorshipAccepted, "flags");
	}

	function test_unitDirectedByItsCreatorIsAccepted() external {
		bytes32 parent = _create(OWNER, "a");
		vm.recordLogs();
		bytes32 unit = _createUnit(parent, "u", OWNER);
		Vm.Log[] memory logs = _logs();
		require(logs.length == 3, "count");
		_assertLog(logs[1], IOrgIdRegistry.DirectorshipAccepted.selector, unit, "");
		_assertTopics(logs[1], _topic(OWNER));
		require(_read(unit).isDirectorshipAccepted, "accepted");
	}

	/// @dev In ORGiD 1.1 a unit's zero director counts as accepted.
	function test_unitWithoutDirectorHasNone() external {
		bytes32 unit = _createUnit(_create(OWNER, "a"), "u", address(0));
		require(_read(unit).director == address(0) && !_read(unit).isDirectorshipAccepted, "director");
	}

	function test_unitsNest() external {
		bytes32 unit = _createUnit(_create(OWNER, "a"), "u", address(0));
		bytes32 nested = _createUnit(unit, "n", address(0));
		require(_read(nested).parentOrgId == unit, "parent");
		require(registry.unitCount(unit) == 1 && registry.organizationCount() == 1, "counts");
	}

	function test_unitOfInactiveParentIsCreatedActive() external {
		bytes32 parent = _create(OWNER, "a");
		vm.prank(OWNER);
		registry.setActive(parent, false);
		require(_read(_createUnit(parent, "u", address(0))).isActive, "active");
	}

	function test_unitOfUnknownParentIsRefused() external {
		_expectRevert(abi.encodeWithSelector(IOrgIdRegistry.OrganizationNotFound.selector, bytes32("no")));
		vm.prank(OWNER);
		registry.createUnit("u", "no", DIRECTOR, HASH, URI, "", "");
	}

	function test_saltIsUsedOnce() external {
		bytes32 orgId = _create(OWNER, "a");
		bytes memory refusal = abi.encodeWithSelector(IOrgIdRegistry.OrganizationAlreadyExists.selector, orgId);
		_expectRevert(refusal);
		vm.prank(OWNER);
		registry.createOrganization("a", HASH, URI, "", "");
		_expectRevert(refusal);
		vm.prank(OWNER);
		registry.createUnit("a", orgId, DIRECTOR, HASH, URI, "", "");
	}

	function test_saltStaysUsedAfterTheOrganizationMoved() external {
		bytes32 orgId = _create(OWNER, "a");
		vm.prank(OWNER);
		registry.transferOrganizationOwnership(orgId, OTHER);
		_expectRevert(abi.encodeWithSelector(IOrgIdRegistry.OrganizationAlreadyExists.selector, orgId));
		vm.prank(OWNER);
		registry.createOrganization("a", HASH, URI, "", "");
	}

	function test_T68_zeroAddressCreatesNothing() external {
		bytes32 orgId = keccak256(abi.encodePacked(address(0), bytes32("a")));
		_expectRevert(abi.encodeWithSelector(IOrgIdRegistry.InvalidOwner.selector, orgId, address(0)));
		vm.prank(address(0));
		registry.createOrganization("a", HASH, URI, "", "");
	}

	function testFuzz_T66_precomputedSaltTakesNothingFromTheVictim(address victim, bytes32 salt) external {
		if (victim == address(0) || victim == STRANGER) return;
		bytes32 wanted = keccak256(abi.encodePacked(victim, salt));
		require(_create(STRANGER, salt) != wanted, "squatted");
		bytes32 attackers = _create(STRANGER, keccak256("own"));
		vm.prank(STRANGER);
		registry.createUnit(wanted, attackers, STRANGER, HASH, URI, "", "");
		require(!_read(wanted).exists, "taken");

		require(_create(victim, salt) == wanted, "id");
		require(_read(wanted).owner == victim, "owner");
	}

	/// @dev The lists hold exactly the ids created, in order of creation.
	function testFuzz_T69_listsAreTheCreatedIds(bytes32[8] calldata salts, uint8 units) external {
		bytes32[] memory created = new bytes32[](8);
		bytes32[] memory children = new bytes32[](8);
		(uint256 count, uint256 childCount) = (0, 0);
		for (uint256 i = 0; i < 8; i++) {
			if (_read(keccak256(abi.encodePacked(OWNER, salts[i]))).exists) continue;
			if (count > 0 && (units >> i) & 1 == 1) {
				children[childCount++] = _createUnit(created[0], salts[i], DIRECTOR);
			} else {
				created[count++] = _create(OWNER, salts[i]);
			}
		}
		_assertList(registry.getOrganizations(true), created, count);
		_assertList(registry.getUnits(created[0], true), children, childCount);
		require(registry.organizationCount() == count && registry.unitCount(created[0]) == childCount, "counts");
	}

	function _assertList(bytes32[] memory list, bytes32[] memory expected, uint256 count) private pure {
		require(list.length == count, "length");
		for (uint256 i = 0; i < count; i++) require(list[i] == expected[i], "id");
	}
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IOrgIdRegistry } from "../../contracts/IOrgIdRegistry.sol";
import { RegistryTest } from "./RegistryTest.sol";
import { Vm, vm } from "./Vm.sol";

/// @dev Owner, director and the active flag: what each call changes and which events it emits.
contract AuthorityTest is RegistryTest {
	bytes32 private orgId;

	function setUp() public override {
		super.setUp();
		orgId = _createDirected("a");
	}

	/// @dev In ORGiD 1.1 the previous owner's director stays.
	function test_T68_ownershipTransferResetsTheDirector() external {
		vm.recordLogs();
		vm.prank(OWNER);
		registry.transferOrganizationOwnership(orgId, OTHER);
		Vm.Log[] memory logs = _logs();
		require(logs.length == 2, "count");
		_assertLog(logs[0], IOrgIdRegistry.OrganizationOwnershipTransferred.selector, orgId, "");
		_assertTopics(logs[0], _topic(OWNER), _topic(OTHER));
		_assertLog(logs[1], IOrgIdRegistry.DirectorshipTransferred.selector, orgId, "");
		_assertTopics(logs[1], _topic(DIRECTOR), 0);
		_assertAuthority(OTHER, address(0), false);
		_expectRevert(abi.encodeWithSelector(IOrgIdRegistry.CallerNotOwnerOrDirector.selector, orgId, DIRECTOR));
		vm.prank(DIRECTOR);
		registry.setOrgJson(orgId, HASH, URI, "", "");
	}

	function test_ownershipTransferWithoutDirectorEmitsOneEvent() external {
		bytes32 plain = _create(OWNER, "plain");
		vm.recordLogs();
		vm.prank(OWNER);
		registry.transferOrganizationOwnership(plain, OTHER);
		require(_logs().length == 1, "count");
	}

	function test_ownershipTransferKeepsKeysAndState() external {
		_addKey(orgId, "webserver");
		vm.prank(OWNER);
		registry.setActive(orgId, false);
		vm.prank(OWNER);
		registry.transferOrganizationOwnership(orgId, OTHER);
		require(_read(orgId).unrevokedKeys.length == 1 && !_read(orgId).isActive, "kept");
	}

	function test_T68_zeroOwnerIsRefused() external {
		_expectRevert(abi.encodeWithSelector(IOrgIdRegistry.InvalidOwner.selector, orgId, address(0)));
		vm.prank(OWNER);
		registry.transferOrganizationOwnership(orgId, address(0));
	}

	function test_directorIsPendingUntilAccepting() external {
		vm.recordLogs();
		_appoint(OTHER);
		_assertAuthority(OWNER, OTHER, false);
		vm.prank(OTHER);
		registry.acceptDirectorship(orgId);
		_assertAuthority(OWNER, OTHER, true);
		Vm.Log[] memory logs = _logs();
		require(logs.length == 2, "count");
		_assertLog(logs[0], IOrgIdRegistry.DirectorshipTransferred.selector, orgId, "");
		_assertTopics(logs[0], _topic(DIRECTOR), _topic(OTHER));
		_assertLog(logs[1], IOrgIdRegistry.DirectorshipAccepted.selector, orgId, "");
		_assertTopics(logs[1], _topic(OTHER));
	}

	function test_selfAppointedOwnerHasAccepted() external {
		vm.recordLogs();
		_appoint(OWNER);
		require(_logs().length == 2, "count");
		_assertAuthority(OWNER, OWNER, true);
	}

	function test_reappointedDirectorMustAcceptAgain() external {
		_appoint(DIRECTOR);
		_assertAuthority(OWNER, DIRECTOR, false);
	}

	function test_appointingZeroRemovesTheDirector() external {
		_appoint(address(0));
		_assertAuthority(OWNER, address(0), false);
	}

	function test_directorAndOwnerCanRenounce() external {
		vm.recordLogs();
		vm.prank(DIRECTOR);
		registry.renounceDirectorship(orgId);
		Vm.Log[] memory logs = _logs();
		_assertLog(logs[0], IOrgIdRegistry.DirectorshipTransferred.selector, orgId, "");
		_assertTopics(logs[0], _topic(DIRECTOR), 0);
		_assertAuthority(OWNER, address(0), false);
		_appoint(OTHER);
		vm.prank(OTHER);
		registry.renounceDirectorship(orgId);
		_assertAuthority(OWNER, address(0), false);
		_appoint(OTHER);
		vm.prank(OWNER);
		registry.renounceDirectorship(orgId);
		_assertAuthority(OWNER, address(0), false);
	}

	function test_callsThatChangeNothingEmitNothing() external {
		vm.recordLogs();
		vm.prank(DIRECTOR);
		registry.acceptDirectorship(orgId);
		vm.prank(OWNER);
		registry.setActive(orgId, true);
		vm.prank(OWNER);
		registry.revokeAllKeys(orgId);
		require(_logs().length == 0, "accepted, active, no keys");
		_appoint(OTHER);
		_appoint(OTHER);
		require(_logs().length == 1, "appointed");
		_appoint(address(0));
		_appoint(address(0));
		vm.prank(OWNER);
		registry.renounceDirectorship(orgId);
		require(_logs().length == 1, "dismissed");
	}

	function test_T68_setActiveIsIdempotent() external {
		vm.recordLogs();
		for (uint256 i = 0; i < 2; i++) {
			vm.prank(OWNER);
			registry.setActive(orgId, false);
			require(!_read(orgId).isActive, "inactive");
		}
		Vm.Log[] memory logs = _logs();
		require(logs.length == 1, "count");
		bytes32 topic = IOrgIdRegistry.OrganizationActiveStateChanged.selector;
		_assertLog(logs[0], topic, orgId, abi.encode(true, false));
		vm.prank(OWNER);
		registry.setActive(orgId, true);
		_assertLog(_logs()[0], topic, orgId, abi.encode(false, true));
		require(_read(orgId).isActive, "active");
	}

	function test_toggleSwitchesBackAndForth() external {
		vm.recordLogs();
		bytes32 topic = IOrgIdRegistry.OrganizationActiveStateChanged.selector;
		vm.prank(OWNER);
		registry.toggleActiveState(orgId);
		require(!_read(orgId).isActive, "off");
		_assertLog(_logs()[0], topic, orgId, abi.encode(true, false));
		vm.prank(OWNER);
		registry.toggleActiveState(orgId);
		require(_read(orgId).isActive, "on");
		_assertLog(_logs()[0], topic, orgId, abi.encode(false, true));
	}

	function test_inactiveOrganizationCanStillBeChanged() external {
		vm.prank(OWNER);
		registry.setActive(orgId, false);
		_addKey(orgId, "webserver");
		vm.prank(DIRECTOR);
		registry.setOrgJson(orgId, keccak256("2"), URI, "", "");
		require(!_read(orgId).isActive && _read(orgId).orgJsonHash == keccak256("2"), "changed");
	}

	function test_changingTheDirectorKeepsTheActiveFlag() external {
		vm.prank(OWNER);
		registry.setActive(orgId, false);
		_appoint(OTHER);
		vm.prank(OTHER);
		registry.acceptDirectorship(orgId);
		vm.prank(OWNER);
		registry.renounceDirectorship(orgId);
		require(!_read(orgId).isActive, "inactive");
	}

	function _appoint(address newDirector) private {
		vm.prank(OWNER);
		registry.transferDirectorship(orgId, newDirector);
	}

	function _assertAuthority(address owner, address director, bool isAccepted) private view {
		IOrgIdRegistry.ResolvedOrganization memory o = _read(orgId);
		require(o.owner == owner && o.director == director, "accounts");
		require(o.isDirectorshipAccepted == isAccepted, "accepted");
	}
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IOrgIdRegistry } from "../../contracts/IOrgIdRegistry.sol";
import { RegistryTest } from "./RegistryTest.sol";
import { vm } from "./Vm.sol";

/// @dev T68: who may call what. Each test is the row of one function, with a column for each caller. Where
/// the row says false, the call reverts with an error that names the organization and the caller.
contract AccessTest is RegistryTest {
	enum Caller {
		Owner,
		AcceptedDirector,
		PendingDirector,
		ExOwner,
		ExDirector,
		Stranger,
		Zero
	}

	bytes4 private constant NOT_OWNER = IOrgIdRegistry.CallerNotOwner.selector;
	bytes4 private constant NOT_DIRECTOR = IOrgIdRegistry.CallerNotDirector.selector;
	bytes4 private constant NEITHER = IOrgIdRegistry.CallerNotOwnerOrDirector.selector;

	/// @dev Members of {Caller}.
	uint256 private constant CALLERS = 7;

	address private constant EX_OWNER = address(0xE0);
	address private constant EX_DIRECTOR = address(0xED);

	uint256 private salts;

	//                                              owner  accept pending exOwner exDir  stranger zero
	function test_T68_createUnit() external {
		_check(NOT_OWNER, [true, false, false, false, false, false, false], _createUnitCall);
	}

	function test_T68_toggleActiveState() external {
		_check(NOT_OWNER, [true, false, false, false, false, false, false], _toggleCall);
	}

	function test_T68_setActive() external {
		_check(NOT_OWNER, [true, false, false, false, false, false, false], _setActiveCall);
	}

	function test_T68_transferDirectorship() external {
		_check(NOT_OWNER, [true, false, false, false, false, false, false], _transferDirectorshipCall);
	}

	function test_T68_transferOrganizationOwnership() external {
		_check(NOT_OWNER, [true, false, false, false, false, false, false], _transferOwnershipCall);
	}

	function test_T68_acceptDirectorship() external {
		_check(NOT_DIRECTOR, [false, true, true, false, false, false, false], _acceptCall);
	}

	function test_T68_renounceDirectorship() external {
		_check(NEITHER, [true, true, true, false, false, false, false], _renounceCall);
	}

	function test_T68_setOrgJson() external {
		_check(NEITHER, [true, true, false, false, false, false, false], _setOrgJsonCall);
	}

	function test_T68_addKey() external {
		_check(NEITHER, [true, true, false, false, false, false, false], _addKeyCall);
	}

	function test_T68_revokeKey() external {
		_check(NEITHER, [true, true, false, false, false, false, false], _revokeKeyCall);
	}

	function test_T68_revokeAllKeys() external {
		_check(NEITHER, [true, true, false, false, false, false, false], _revokeAllCall);
	}

	/// @dev Anyone may create a top-level organization.
	function test_T68_createOrganization() external {
		for (uint256 i = 0; Caller(i) != Caller.Zero; i++) {
			require(_read(_create(_account(Caller(i)), bytes32(i))).owner == _account(Caller(i)), "owner");
		}
	}

	/// @dev If there is no director, the zero address isn't taken for it.
	function test_T68_zeroIsNotTheMissingDirector() external {
		bytes32 orgId = _create(OWNER, "nobody");
		_refuse(orgId, address(0), _acceptCall(orgId), NOT_DIRECTOR);
		_refuse(orgId, address(0), _renounceCall(orgId), NEITHER);
		_refuse(orgId, address(0), _addKeyCall(orgId), NEITHER);
	}

	function test_T68_unknownOrganizationIsRefusedToEveryone() external {
		bytes32 orgId = keccak256("unknown");
		bytes[11] memory calls = [
			_createUnitCall(orgId),
			_toggleCall(orgId),
			_setActiveCall(orgId),
			_transferDirectorshipCall(orgId),
			_transferOwnershipCall(orgId),
			_acceptCall(orgId),
			_renounceCall(orgId),
			_setOrgJsonCall(orgId),
			_addKeyCall(orgId),
			_revokeKeyCall(orgId),
			_revokeAllCall(orgId)
		];
		for (uint256 i = 0; i < calls.length; i++) {
			for (uint256 caller = 0; caller < CALLERS; caller++) {
				vm.prank(_account(Caller(caller)));
				(bool success, bytes memory data) = address(registry).call(calls[i]);
				require(!success, "allowed");
				bytes memory refusal = abi.encodeWithSelector(IOrgIdRegistry.OrganizationNotFound.selector, orgId);
				require(keccak256(data) == keccak256(refusal), "refusal");
			}
		}
	}

	function _check(
		bytes4 refusal,
		bool[CALLERS] memory allowed,
		function(bytes32) view returns (bytes memory) encode
	) private {
		for (uint256 i = 0; i < CALLERS; i++) {
			bytes32 orgId = _organization(Caller(i) == Caller.PendingDirector);
			bytes memory call = encode(orgId);
			if (!allowed[i]) {
				_refuse(orgId, _account(Caller(i)), call, refusal);
				continue;
			}
			vm.prank(_account(Caller(i)));
			(bool success, ) = address(registry).call(call);
			require(success, "refused");
		}
	}

	function _refuse(bytes32 orgId, address caller, bytes memory call, bytes4 refusal) private {
		bytes32 before = keccak256(abi.encode(_read(orgId)));
		vm.prank(caller);
		(bool success, bytes memory data) = address(registry).call(call);
		require(!success, "allowed");
		require(keccak256(data) == keccak256(abi.encodeWithSelector(refusal, orgId, caller)), "refusal");
		require(keccak256(abi.encode(_read(orgId))) == before, "changed");
	}

	/// @dev Has one key and DIRECTOR, accepted or pending. EX_OWNER owned and EX_DIRECTOR directed it before.
	function _organization(bool isPending) private returns (bytes32 orgId) {
		orgId = _create(EX_OWNER, bytes32(++salts));
		vm.prank(EX_OWNER);
		registry.transferDirectorship(orgId, EX_DIRECTOR);
		vm.prank(EX_DIRECTOR);
		registry.acceptDirectorship(orgId);
		vm.prank(EX_OWNER);
		registry.transferOrganizationOwnership(orgId, OWNER);
		_addKey(orgId, "webserver");
		vm.prank(OWNER);
		registry.transferDirectorship(orgId, DIRECTOR);
		if (isPending) return orgId;
		vm.prank(DIRECTOR);
		registry.acceptDirectorship(orgId);
	}

	function _account(Caller caller) private pure returns (address) {
		if (caller == Caller.Owner) return OWNER;
		if (caller == Caller.AcceptedDirector || caller == Caller.PendingDirector) return DIRECTOR;
		if (caller == Caller.ExOwner) return EX_OWNER;
		if (caller == Caller.ExDirector) return EX_DIRECTOR;
		return caller == Caller.Stranger ? STRANGER : address(0);
	}

	function _createUnitCall(bytes32 orgId) private pure returns (bytes memory) {
		return abi.encodeCall(IOrgIdRegistry.createUnit, ("unit", orgId, OTHER, HASH, URI, "", ""));
	}

	function _toggleCall(bytes32 orgId) private pure returns (bytes memory) {
		return abi.encodeCall(IOrgIdRegistry.toggleActiveState, (orgId));
	}

	function _setActiveCall(bytes32 orgId) private pure returns (bytes memory) {
		return abi.encodeCall(IOrgIdRegistry.setActive, (orgId, true));
	}

	function _transferDirectorshipCall(bytes32 orgId) private pure returns (bytes memory) {
		return abi.encodeCall(IOrgIdRegistry.transferDirectorship, (orgId, OTHER));
	}

	function _transferOwnershipCall(bytes32 orgId) private pure returns (bytes memory) {
		return abi.encodeCall(IOrgIdRegistry.transferOrganizationOwnership, (orgId, OTHER));
	}

	function _acceptCall(bytes32 orgId) private pure returns (bytes memory) {
		return abi.encodeCall(IOrgIdRegistry.acceptDirectorship, (orgId));
	}

	function _renounceCall(bytes32 orgId) private pure returns (bytes memory) {
		return abi.encodeCall(IOrgIdRegistry.renounceDirectorship, (orgId));
	}

	function _setOrgJsonCall(bytes32 orgId) private pure returns (bytes memory) {
		return abi.encodeCall(IOrgIdRegistry.setOrgJson, (orgId, HASH, URI, "", ""));
	}

	function _addKeyCall(bytes32 orgId) private view returns (bytes memory) {
		return abi.encodeCall(IOrgIdRegistry.addKey, (orgId, "mail", G.x, G.y, 0, 0));
	}

	function _revokeKeyCall(bytes32 orgId) private pure returns (bytes memory) {
		return abi.encodeCall(IOrgIdRegistry.revokeKey, (orgId, "webserver"));
	}

	function _revokeAllCall(bytes32 orgId) private pure returns (bytes memory) {
		return abi.encodeCall(IOrgIdRegistry.revokeAllKeys, (orgId));
	}
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev The cheatcodes of Hardhat's Solidity test runner are at this address, as in Foundry.
Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

/// @dev Those the tests use.
interface Vm {
	struct Log {
		bytes32[] topics;
		bytes data;
		address emitter;
	}

	function prank(address sender) external;

	function warp(uint256 timestamp) external;

	function expectRevert(bytes calldata data) external;

	function expectRevert() external;

	function recordLogs() external;

	function getRecordedLogs() external returns (Log[] memory);
}

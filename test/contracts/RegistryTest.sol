// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IOrgIdRegistry } from "../../contracts/IOrgIdRegistry.sol";
import { OrgIdRegistry } from "../../contracts/OrgIdRegistry.sol";
import { G2_X, G2_Y, G_X, G_Y, START_TIME, twoDigits } from "./Fixtures.sol";
import { Vm, vm } from "./Vm.sol";

/// @dev Base of the registry's tests: a registry, accounts, keys, and functions that create and assert.
abstract contract RegistryTest {
	struct Point {
		bytes32 x;
		bytes32 y;
	}

	bytes32 internal constant HASH = keccak256("document");
	string internal constant URI = "https://example.com/org.json";

	address internal constant OWNER = address(0xA11CE);
	address internal constant DIRECTOR = address(0xD12EC);
	address internal constant OTHER = address(0x07E12);
	address internal constant STRANGER = address(0x57A46E);

	Point internal G = Point(G_X, G_Y);
	Point internal G2 = Point(G2_X, G2_Y);

	OrgIdRegistry internal registry;

	function setUp() public virtual {
		vm.warp(START_TIME);
		registry = new OrgIdRegistry();
	}

	function _create(address owner, bytes32 salt) internal returns (bytes32) {
		vm.prank(owner);
		return registry.createOrganization(salt, HASH, URI, "", "");
	}

	function _createUnit(bytes32 parentOrgId, bytes32 salt, address director) internal returns (bytes32) {
		vm.prank(OWNER);
		return registry.createUnit(salt, parentOrgId, director, HASH, URI, "", "");
	}

	/// @dev An organization owned by OWNER, whose directorship DIRECTOR has accepted.
	function _createDirected(bytes32 salt) internal returns (bytes32 orgId) {
		orgId = _create(OWNER, salt);
		vm.prank(OWNER);
		registry.transferDirectorship(orgId, DIRECTOR);
		vm.prank(DIRECTOR);
		registry.acceptDirectorship(orgId);
	}

	function _addKey(bytes32 orgId, string memory fragment) internal {
		vm.prank(OWNER);
		registry.addKey(orgId, fragment, G.x, G.y, 0, 0);
	}

	function _read(
		bytes32 orgId
	) internal view returns (IOrgIdRegistry.ResolvedOrganization memory organization) {
		(organization, , ) = registry.resolve(orgId);
	}

	function _isRevoked(bytes32 orgId, string memory fragment) internal view returns (bool) {
		(, , , , , , uint48 revokedAt) = registry.getKey(orgId, fragment);
		return revokedAt != 0;
	}

	function _expectRevert(bytes memory data) internal {
		vm.expectRevert(data);
	}

	/// @dev The logs since vm.recordLogs(), all of which must come from the registry.
	function _logs() internal returns (Vm.Log[] memory logs) {
		logs = vm.getRecordedLogs();
		for (uint256 i = 0; i < logs.length; i++) {
			require(logs[i].emitter == address(registry), "emitter");
		}
	}

	function _assertLog(Vm.Log memory log, bytes32 topic0, bytes32 topic1, bytes memory data) internal pure {
		require(log.topics[0] == topic0, "event");
		require(log.topics[1] == topic1, "first topic");
		require(keccak256(log.data) == keccak256(data), "event data");
	}

	function _assertTopics(Vm.Log memory log, bytes32 topic2) internal pure {
		require(log.topics.length == 3 && log.topics[2] == topic2, "second topic");
	}

	function _assertTopics(Vm.Log memory log, bytes32 topic2, bytes32 topic3) internal pure {
		require(log.topics.length == 4 && log.topics[2] == topic2 && log.topics[3] == topic3, "topics");
	}

	function _same(string memory a, string memory b) internal pure returns (bool) {
		return keccak256(bytes(a)) == keccak256(bytes(b));
	}

	function _topic(address account) internal pure returns (bytes32) {
		return bytes32(uint256(uint160(account)));
	}

	function _repeat(bytes1 character, uint256 length) internal pure returns (string memory) {
		bytes memory text = new bytes(length);
		for (uint256 i = 0; i < length; i++) text[i] = character;
		return string(text);
	}

	/// @dev `name-NN`, for a number below 100.
	function _numbered(string memory name, uint256 number) internal pure returns (string memory) {
		return string.concat(name, "-", twoDigits(number));
	}
}

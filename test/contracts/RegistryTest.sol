// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IOrgIdRegistry } from "../../contracts/IOrgIdRegistry.sol";
import { OrgIdRegistry } from "../../contracts/OrgIdRegistry.sol";
import { Vm } from "./Vm.sol";

/// @dev What the registry's tests share: a registry, accounts, points, short ways to create and to assert.
abstract contract RegistryTest {
	struct Point {
		bytes32 x;
		bytes32 y;
	}

	Vm internal constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
	uint256 internal constant FIELD_PRIME =
		0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f;

	bytes32 internal constant HASH = keccak256("document");
	string internal constant URI = "https://example.com/org.json";

	address internal constant OWNER = address(0xA11CE);
	address internal constant DIRECTOR = address(0xD12EC);
	address internal constant OTHER = address(0x07E12);
	address internal constant STRANGER = address(0x57A46E);

	/// @dev The generator of secp256k1 and its double (SEC 2, section 2.4.1).
	Point internal G =
		Point(
			0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798,
			0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8
		);
	Point internal G2 =
		Point(
			0xc6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5,
			0x1ae168fea63dc339a3c58419466ceaeef7f632653266d0e1236431a950cfe52a
		);

	OrgIdRegistry internal registry;

	function setUp() public virtual {
		vm.warp(1_800_000_000);
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

	/// @dev An organization of OWNER's that DIRECTOR has accepted to direct.
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

	function _read(bytes32 orgId) internal view returns (IOrgIdRegistry.ResolvedOrganization memory organization) {
		(organization, , ) = registry.resolve(orgId);
	}

	function _isRevoked(bytes32 orgId, string memory fragment) internal view returns (bool) {
		(, , , , , , uint48 revokedAt) = registry.getKey(orgId, fragment);
		return revokedAt != 0;
	}

	function _expectRevert(bytes memory data) internal {
		vm.expectRevert(data);
	}

	/// @dev The registry's logs since vm.recordLogs().
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

	/// @dev `name-<digits of number>`, numbers below 100.
	function _numbered(string memory name, uint256 number) internal pure returns (string memory) {
		return string.concat(name, "-", string(abi.encodePacked(uint8(48 + number / 10), uint8(48 + (number % 10)))));
	}
}

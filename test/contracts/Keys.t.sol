// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IOrgIdRegistry } from "../../contracts/IOrgIdRegistry.sol";
import { FIELD_PRIME, MAX_FRAGMENT_LENGTH, MAX_KEYS, START_TIME } from "./Fixtures.sol";
import { RegistryTest } from "./RegistryTest.sol";
import { Vm, vm } from "./Vm.sol";

/// @dev Adding and revoking keys.
contract KeysTest is RegistryTest {
	bytes32 private orgId;

	function setUp() public override {
		super.setUp();
		orgId = _createDirected("a");
	}

	function test_ownerAndDirectorAddKeys() external {
		_addKey(orgId, "webserver");
		vm.warp(START_TIME + 100);
		vm.prank(DIRECTOR);
		registry.addKey(orgId, "mail", G2.x, G2.y, 5, 6);
		IOrgIdRegistry.Key[] memory keys = _read(orgId).unrevokedKeys;
		require(
			keys.length == 2 && _same(keys[0].fragment, "webserver") && _same(keys[1].fragment, "mail"),
			"names"
		);
		require(keys[0].x == G.x && keys[0].y == G.y && keys[1].x == G2.x && keys[1].y == G2.y, "points");
		require(
			keys[0].validFrom == 0 && keys[0].validUntil == 0 && keys[0].addedAt == START_TIME,
			"first times"
		);
		require(
			keys[1].validFrom == 5 && keys[1].validUntil == 6 && keys[1].addedAt == START_TIME + 100,
			"times"
		);
	}

	function test_eventsCarryTheWholeKey() external {
		vm.recordLogs();
		vm.prank(OWNER);
		registry.addKey(orgId, "webserver", G.x, G.y, 5, 6);
		vm.warp(START_TIME + 100);
		_revoke("webserver");
		Vm.Log[] memory logs = _logs();
		require(logs.length == 2, "count");
		bytes memory added = abi.encode("webserver", G.x, G.y, 5, 6, START_TIME);
		_assertLog(logs[0], IOrgIdRegistry.KeyAdded.selector, orgId, added);
		_assertLog(logs[1], IOrgIdRegistry.KeyRevoked.selector, orgId, abi.encode("webserver", START_TIME + 100));
	}

	function test_revokedKeyCanBeReadButIsNotListed() external {
		_addKey(orgId, "webserver");
		vm.warp(START_TIME + 100);
		vm.prank(DIRECTOR);
		registry.revokeKey(orgId, "webserver");
		require(_read(orgId).unrevokedKeys.length == 0, "listed");
		(bool exists, bytes32 x, bytes32 y, , , uint48 addedAt, uint48 revokedAt) = registry.getKey(
			orgId,
			"webserver"
		);
		require(exists && x == G.x && y == G.y, "key");
		require(addedAt == START_TIME && revokedAt == START_TIME + 100, "times");
	}

	function test_revokingOneKeepsTheOthers() external {
		string[4] memory names = ["a", "b", "c", "d"];
		for (uint256 i = 0; i < 4; i++) _addKey(orgId, names[i]);
		_revoke("b");
		_assertListed("a", "d", "c");
		_revoke("d");
		require(_read(orgId).unrevokedKeys.length == 2, "two left");
		_revoke("c");
		_revoke("a");
		require(_read(orgId).unrevokedKeys.length == 0, "none left");
	}

	function test_revokeAllKeysAnnouncesEach() external {
		for (uint256 i = 0; i < MAX_KEYS; i++) _addKey(orgId, _numbered("key", i));
		_revoke("key-03");
		vm.recordLogs();
		vm.prank(DIRECTOR);
		registry.revokeAllKeys(orgId);
		Vm.Log[] memory logs = _logs();
		require(logs.length == MAX_KEYS - 1, "count");
		for (uint256 i = 0; i < MAX_KEYS; i++) require(_isRevoked(orgId, _numbered("key", i)), "revoked");
		require(_read(orgId).unrevokedKeys.length == 0, "listed");
		_addKey(orgId, "after");
		require(_read(orgId).unrevokedKeys.length == 1, "after");
	}

	function test_T69_33rdUnrevokedKeyIsRefusedUntilOneIsRevoked() external {
		for (uint256 i = 0; i < MAX_KEYS; i++) _addKey(orgId, _numbered("key", i));
		_refuse(abi.encodeWithSelector(IOrgIdRegistry.TooManyKeys.selector, orgId, MAX_KEYS), "one-more");
		_revoke("key-07");
		_addKey(orgId, "one-more");
		require(_read(orgId).unrevokedKeys.length == MAX_KEYS, "count");
	}

	function test_fragmentCanNeverBeReused() external {
		_addKey(orgId, "webserver");
		bytes memory refusal = abi.encodeWithSelector(
			IOrgIdRegistry.FragmentAlreadyUsed.selector,
			orgId,
			"webserver"
		);
		_refuse(refusal, "webserver");
		_revoke("webserver");
		_refuse(refusal, "webserver");
		_addKey(_create(OWNER, "other organization"), "webserver");
	}

	function test_revokingTwiceOrNothingIsRefused() external {
		_expectRevert(abi.encodeWithSelector(IOrgIdRegistry.KeyNotFound.selector, orgId, "webserver"));
		_revoke("webserver");
		_addKey(orgId, "webserver");
		_revoke("webserver");
		_expectRevert(
			abi.encodeWithSelector(IOrgIdRegistry.KeyAlreadyRevoked.selector, orgId, "webserver", START_TIME)
		);
		_revoke("webserver");
	}

	function test_T69_fragmentLengths() external {
		_addKey(orgId, "a");
		_addKey(orgId, _repeat("a", MAX_FRAGMENT_LENGTH));
		require(_same(_read(orgId).unrevokedKeys[1].fragment, _repeat("a", MAX_FRAGMENT_LENGTH)), "longest");
		_refuse(abi.encodeWithSelector(IOrgIdRegistry.InvalidFragment.selector, ""), "");
		string memory tooLong = _repeat("a", MAX_FRAGMENT_LENGTH + 1);
		_refuse(abi.encodeWithSelector(IOrgIdRegistry.InvalidFragment.selector, tooLong), tooLong);
	}

	function test_T69_fragmentAlphabet() external {
		for (uint256 code = 0; code <= type(uint8).max; code++) {
			bytes1 character = bytes1(uint8(code));
			string memory fragment = string(abi.encodePacked("x", character, "y"));
			bool fits =
				(character >= "0" && character <= "9") ||
					(character >= "A" && character <= "Z") ||
					(character >= "a" && character <= "z") ||
					character == "-" ||
					character == "_";
			if (fits) {
				_addKey(orgId, fragment);
				_revoke(fragment);
			} else {
				_refuse(abi.encodeWithSelector(IOrgIdRegistry.InvalidFragment.selector, fragment), fragment);
			}
		}
	}

	function test_namesOfAccountsAreReserved() external {
		_refuse(abi.encodeWithSelector(IOrgIdRegistry.ReservedFragment.selector, "owner"), "owner");
		_refuse(abi.encodeWithSelector(IOrgIdRegistry.ReservedFragment.selector, "director"), "director");
		_addKey(orgId, "Owner");
		_addKey(orgId, "director-");
		_addKey(orgId, "other");
		_addKey(orgId, "dIrector");
	}

	function test_pointsOffTheCurveAreRefused() external {
		_refusePoint(0, 0);
		_refusePoint(uint256(G.x), uint256(G.y) + 1);
		_refusePoint(uint256(G.y), uint256(G.x));
		_refusePoint(FIELD_PRIME, uint256(G.y));
		_refusePoint(uint256(G.x), FIELD_PRIME);
		_refusePoint(type(uint256).max, type(uint256).max);
		// (1, y) is on the curve; (1 + p, y) satisfies the equation only modulo p.
		uint256 y = _root(8);
		vm.prank(OWNER);
		registry.addKey(orgId, "one", bytes32(uint256(1)), bytes32(y), 0, 0);
		_refusePoint(FIELD_PRIME + 1, y);
	}

	function testFuzz_pointsOfTheCurveAreTaken(uint256 x, bool negative) external {
		x = x % FIELD_PRIME;
		uint256 square = addmod(mulmod(mulmod(x, x, FIELD_PRIME), x, FIELD_PRIME), 7, FIELD_PRIME);
		uint256 y = _root(square);
		if (negative) y = FIELD_PRIME - y;
		if (mulmod(y, y, FIELD_PRIME) != square) return _refusePoint(x, y);
		vm.prank(OWNER);
		registry.addKey(orgId, "point", bytes32(x), bytes32(y), 0, 0);
		_refusePoint(x, addmod(y, 1, FIELD_PRIME));
	}

	function testFuzz_validityEndsAfterItBegins(uint48 validFrom, uint48 validUntil) external {
		bool fits = validUntil == 0 || validUntil > validFrom;
		if (!fits) {
			_expectRevert(abi.encodeWithSelector(IOrgIdRegistry.InvalidValidity.selector, validFrom, validUntil));
		}
		vm.prank(OWNER);
		registry.addKey(orgId, "webserver", G.x, G.y, validFrom, validUntil);
		(bool exists, , , uint48 readFrom, uint48 readUntil, , ) = registry.getKey(orgId, "webserver");
		require(exists == fits, "exists");
		require(!fits || (readFrom == validFrom && readUntil == validUntil), "validity");
	}

	function test_validityOfOneInstantIsRefused() external {
		_expectRevert(abi.encodeWithSelector(IOrgIdRegistry.InvalidValidity.selector, 7, 7));
		vm.prank(OWNER);
		registry.addKey(orgId, "webserver", G.x, G.y, 7, 7);
	}

	function _revoke(string memory fragment) private {
		vm.prank(OWNER);
		registry.revokeKey(orgId, fragment);
	}

	function _refuse(bytes memory refusal, string memory fragment) private {
		_expectRevert(refusal);
		_addKey(orgId, fragment);
	}

	function _refusePoint(uint256 x, uint256 y) private {
		_expectRevert(abi.encodeWithSelector(IOrgIdRegistry.PointNotOnCurve.selector, x, y));
		vm.prank(OWNER);
		registry.addKey(orgId, "off-curve", bytes32(x), bytes32(y), 0, 0);
	}

	function _assertListed(string memory first, string memory second, string memory third) private view {
		IOrgIdRegistry.Key[] memory keys = _read(orgId).unrevokedKeys;
		require(keys.length == 3, "count");
		require(_same(keys[0].fragment, first) && _same(keys[1].fragment, second), "first two");
		require(_same(keys[2].fragment, third), "third");
	}

	/// @dev A square root modulo p if there is one: the power (p + 1) / 4, because p = 3 (mod 4).
	function _root(uint256 square) private pure returns (uint256 root) {
		root = 1;
		for (uint256 power = (FIELD_PRIME + 1) / 4; power != 0; power >>= 1) {
			if (power & 1 == 1) root = mulmod(root, square, FIELD_PRIME);
			square = mulmod(square, square, FIELD_PRIME);
		}
	}
}

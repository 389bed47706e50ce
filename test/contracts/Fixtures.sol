// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev When the tests begin, Unix seconds.
uint48 constant START_TIME = 1_800_000_000;

/// @dev The contract's limits, written out again so that changing one there fails a test.
uint256 constant MAX_KEYS = 32;
uint256 constant MAX_URI_LENGTH = 2048;
uint256 constant MAX_FRAGMENT_LENGTH = 64;

/// @dev secp256k1 (SEC 2, section 2.4.1): the prime of its field, its generator, and twice the generator.
uint256 constant FIELD_PRIME = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f;
bytes32 constant G_X = 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798;
bytes32 constant G_Y = 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8;
bytes32 constant G2_X = 0xc6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5;
bytes32 constant G2_Y = 0x1ae168fea63dc339a3c58419466ceaeef7f632653266d0e1236431a950cfe52a;

/// @dev The two decimal digits of a number below 100.
function twoDigits(uint256 number) pure returns (string memory) {
	uint256 zero = uint8(bytes1("0"));
	return string(abi.encodePacked(uint8(zero + number / 10), uint8(zero + (number % 10))));
}

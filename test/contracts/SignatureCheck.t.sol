// SPDX-License-Identifier: MIT
// solhint-disable one-contract-per-file
pragma solidity ^0.8.28;

import { SignatureCheck } from "../../contracts/SignatureCheck.sol";

/// @dev Accepts one signature, with the digest it was created for.
contract Account {
	bytes32 private immutable _DIGEST;

	constructor(bytes32 digest) {
		_DIGEST = digest;
	}

	function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
		if (signature.length == 0) revert();
		bool isValid = hash == _DIGEST && keccak256(signature) == keccak256("signature");
		return isValid ? this.isValidSignature.selector : bytes4(0xffffffff);
	}
}

/// @dev Deploys accounts at addresses that depend on the digest; may fail afterwards.
contract Factory {
	uint256 public calls;

	function deploy(bytes32 digest) external {
		calls++;
		new Account{ salt: 0 }(digest);
	}

	function deployAndRevert(bytes32 digest) external {
		new Account{ salt: 0 }(digest);
		revert();
	}

	function addressOf(bytes32 digest) external view returns (address) {
		bytes32 codeHash = keccak256(abi.encodePacked(type(Account).creationCode, digest));
		return address(uint160(uint256(keccak256(abi.encodePacked(hex"ff", this, uint256(0), codeHash)))));
	}
}

contract SignatureCheckTest {
	uint256 private constant REFUSED = 1;
	uint256 private constant ACCEPTED = 2;
	uint256 private constant NO_CODE = 3;

	Factory private _factory;

	function setUp() external {
		_factory = new Factory();
	}

	function testFuzz_asksAnAccountWithCode(bytes32 digest, bytes32 other) external {
		address account = address(new Account(digest));
		require(_check(account, digest, "signature", address(0), "") == ACCEPTED, "accepted");
		require(_check(account, digest, "signature!", address(0), "") == REFUSED, "signature");
		require(_check(account, digest, "", address(0), "") == REFUSED, "revert");
		if (other != digest) require(_check(account, other, "signature", address(0), "") == REFUSED, "digest");
	}

	function testFuzz_deploysAnAccountWithoutCode(bytes32 digest) external {
		address account = _factory.addressOf(digest);
		require(_check(account, digest, "signature", address(0), "") == NO_CODE, "no factory");
		bytes memory other = abi.encodeCall(Factory.deploy, (~digest));
		require(_check(account, digest, "signature", address(_factory), other) == NO_CODE, "other account");
		bytes memory failing = abi.encodeCall(Factory.deployAndRevert, (digest));
		require(_check(account, digest, "signature", address(_factory), failing) == NO_CODE, "reverted");
		bytes memory right = abi.encodeCall(Factory.deploy, (digest));
		require(_check(account, digest, "signature", address(_factory), right) == ACCEPTED, "accepted");
	}

	function testFuzz_refusesAWrongSignatureOfADeployedAccount(bytes32 digest) external {
		bytes memory deployment = abi.encodeCall(Factory.deploy, (digest));
		address account = _factory.addressOf(digest);
		require(_check(account, digest, "signature!", address(_factory), deployment) == REFUSED, "refused");
	}

	function testFuzz_callsNoFactoryForAnAccountWithCode(bytes32 digest) external {
		address account = address(new Account(digest));
		bytes memory deployment = abi.encodeCall(Factory.deploy, (digest));
		require(_check(account, digest, "signature", address(_factory), deployment) == ACCEPTED, "accepted");
		require(_factory.calls() == 0, "called");
	}

	function test_anAccountWithoutFunctionsIsRefused() external {
		require(_check(address(_factory), 0, "signature", address(0), "") == REFUSED, "refused");
	}

	/// @dev The code of the contract is the answer.
	function _check(
		address account,
		bytes32 digest,
		bytes memory signature,
		address factory,
		bytes memory deployment
	) private returns (uint256) {
		bytes memory query = abi.encodeCall(Account.isValidSignature, (digest, signature));
		return abi.decode(address(new SignatureCheck(account, query, factory, deployment)).code, (uint256));
	}
}

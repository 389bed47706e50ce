// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

// solhint-disable no-inline-assembly

/**
 * @title Asks an account about a signature (ERC-1271), and deploys it first if it has no code (ERC-6492)
 * @notice Never deployed: a verifier runs this creation code in an `eth_call`, which changes no state. What
 * would become the contract's code is the answer, one word.
 * @dev Account and factory are untrusted. Their gas is limited, and neither can make this code fail or return
 * more than one word.
 */
contract SignatureCheck {
	/// @dev The factory's gas: several times what the proxy of a smart account costs.
	uint256 private constant DEPLOYMENT_GAS = 3_000_000;
	/// @dev The account's gas: enough for every known signature scheme.
	uint256 private constant SIGNATURE_GAS = 2_000_000;
	/// @dev The selector of `isValidSignature`, which is also its magic value, as the ABI returns it.
	bytes32 private constant MAGIC_VALUE = bytes32(bytes4(0x1626ba7e));

	uint256 private constant REFUSED = 1;
	uint256 private constant ACCEPTED = 2;
	uint256 private constant NO_CODE = 3;

	/**
	 * @notice Asks the account
	 * @param account who is asked
	 * @param query call data of `isValidSignature`
	 * @param factory the contract that deploys the account; zero for none
	 * @param deployment call data for the factory
	 */
	constructor(address account, bytes memory query, address factory, bytes memory deployment) {
		if (account.code.length == 0 && factory != address(0)) _deploy(factory, deployment);
		uint256 answer = NO_CODE;
		if (account.code.length != 0) answer = _accepts(account, query) ? ACCEPTED : REFUSED;
		assembly ("memory-safe") {
			mstore(0, answer)
			return(0, 32)
		}
	}

	/// @dev The result doesn't matter: only whether the account has code afterwards.
	function _deploy(address factory, bytes memory deployment) private {
		assembly ("memory-safe") {
			pop(call(DEPLOYMENT_GAS, factory, 0, add(deployment, 32), mload(deployment), 0, 0))
		}
	}

	/// @dev Copies no more than a word of what the account returns.
	function _accepts(address account, bytes memory query) private view returns (bool isAccepted) {
		bytes32 magicValue = MAGIC_VALUE;
		assembly ("memory-safe") {
			let isReturned := staticcall(SIGNATURE_GAS, account, add(query, 32), mload(query), 0, 32)
			let isWord := eq(returndatasize(), 32)
			isAccepted := and(and(isReturned, isWord), eq(mload(0), magicValue))
		}
	}
}

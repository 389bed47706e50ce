// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

/// A token and a deposit in one: balances of accounts, and of organizations as in LifDeposit.
contract Holdings {
	mapping(address => uint256) public accounts;
	mapping(bytes32 => uint256) public organizations;

	function set(address account, uint256 balance) external {
		accounts[account] = balance;
	}

	function deposit(bytes32 organization, uint256 balance) external {
		organizations[organization] = balance;
	}

	function balanceOf(address account) external view returns (uint256) {
		return accounts[account];
	}

	function balanceOf(bytes32 organization) external view returns (uint256) {
		return organizations[organization];
	}
}

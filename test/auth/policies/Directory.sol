// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

/// A directory with the function of Winding Tree's directories, and others that know members.
contract Directory {
	/// The place in the list of members, from 1; zero for others.
	mapping(bytes32 => uint256) public organizationsIndex;
	mapping(address => bool) public isOwnerMember;

	function setOrganization(bytes32 organization, uint256 index) external {
		organizationsIndex[organization] = index;
	}

	function setOwner(address owner, bool member) external {
		isOwnerMember[owner] = member;
	}

	function isMember(bytes32 organization) external view returns (bool) {
		return organizationsIndex[organization] != 0;
	}

	/// Not a bool: every index but 1 is out of range.
	function isFirst(bytes32 organization) external view returns (uint256) {
		return organizationsIndex[organization];
	}

	function list(bytes32) external view returns (bytes32[] memory all) {
		all = new bytes32[](gasleft() > 0 ? 1000 : 0);
	}

	function fail(bytes32) external pure returns (bool) {
		revert("no");
	}
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title A registry that shares no function with any generation: each organization has one key and no document.
contract ToyRegistry {
    struct Member {
        address admin;
        bytes key;
    }

    mapping(bytes32 orgId => Member member) public members;
    bytes32[] private orgIds;

    event Joined(bytes32 indexed orgId, address indexed admin);
    event KeyReplaced(bytes32 indexed orgId, bytes key);

    error NotAdmin(bytes32 orgId, address caller);

    function join(bytes32 salt) external {
        bytes32 orgId = keccak256(abi.encode(msg.sender, salt));
        require(members[orgId].admin == address(0), "joined already");
        members[orgId].admin = msg.sender;
        orgIds.push(orgId);
        emit Joined(orgId, msg.sender);
    }

    /// @param key A secp256k1 point, uncompressed.
    function replaceKey(bytes32 orgId, bytes calldata key) external {
        require(members[orgId].admin == msg.sender, NotAdmin(orgId, msg.sender));
        members[orgId].key = key;
        emit KeyReplaced(orgId, key);
    }

    function allOrgIds() external view returns (bytes32[] memory) {
        return orgIds;
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IOrgIdRegistry } from "../../contracts/IOrgIdRegistry.sol";
import { MAX_URI_LENGTH } from "./Fixtures.sol";
import { RegistryTest } from "./RegistryTest.sol";
import { Vm, vm } from "./Vm.sol";

/// @dev The reference to the ORG.JSON document: hash and URI together, lengths, the event.
contract DocumentTest is RegistryTest {
	bytes32 private orgId;

	function setUp() public override {
		super.setUp();
		orgId = _createDirected("a");
	}

	function test_ownerAndDirectorSetIt() external {
		_set(OWNER, keccak256("1"), "https://a", "https://b", "https://c");
		IOrgIdRegistry.ResolvedOrganization memory o = _read(orgId);
		require(o.orgJsonHash == keccak256("1") && _same(o.orgJsonUri, "https://a"), "document");
		require(_same(o.orgJsonUriBackup1, "https://b") && _same(o.orgJsonUriBackup2, "https://c"), "backups");
		_set(DIRECTOR, keccak256("2"), "https://d", "", "");
		o = _read(orgId);
		require(o.orgJsonHash == keccak256("2") && _same(o.orgJsonUri, "https://d"), "second document");
		require(_same(o.orgJsonUriBackup1, "") && _same(o.orgJsonUriBackup2, ""), "no backups");
	}

	function test_eventTellsBeforeAndAfter() external {
		_set(OWNER, keccak256("1"), "https://a", "https://b", "https://c");
		vm.recordLogs();
		_set(OWNER, 0, "", "", "");
		Vm.Log[] memory logs = _logs();
		require(logs.length == 1, "count");
		bytes memory data = abi.encode("https://a", "https://b", "https://c", "", "", "");
		_assertLog(logs[0], IOrgIdRegistry.OrgJsonChanged.selector, orgId, data);
		_assertTopics(logs[0], keccak256("1"), 0);
	}

	function test_documentMayBeOnChainOnly() external {
		vm.prank(OWNER);
		bytes32 bare = registry.createOrganization("bare", 0, "", "", "");
		require(_read(bare).exists && _read(bare).orgJsonHash == 0 && _same(_read(bare).orgJsonUri, ""), "bare");
		_set(OWNER, 0, "", "", "");
		require(_read(orgId).orgJsonHash == 0 && _same(_read(orgId).orgJsonUri, ""), "emptied");
	}

	function test_hashAndUriComeTogether() external {
		_refuseIncomplete(HASH, "", "", "");
		_refuseIncomplete(0, URI, "", "");
		_refuseIncomplete(HASH, "", URI, "");
		_refuseIncomplete(0, "", URI, "");
		_refuseIncomplete(0, "", "", URI);
		_refuseIncomplete(0, URI, URI, URI);
	}

	function test_T69_uriOf2KiBFits() external {
		string memory longest = _repeat("u", MAX_URI_LENGTH);
		_set(OWNER, HASH, longest, longest, longest);
		(, , , string memory uri, string memory backup1, string memory backup2, , , , , ) = registry
			.getOrganization(orgId);
		require(_same(uri, longest) && _same(backup1, longest) && _same(backup2, longest), "stored");
	}

	function test_T69_uriOfOneByteMoreIsRefused() external {
		string memory tooLong = _repeat("u", MAX_URI_LENGTH + 1);
		bytes4 selector = IOrgIdRegistry.UriTooLong.selector;
		bytes memory refusal = abi.encodeWithSelector(selector, MAX_URI_LENGTH + 1, MAX_URI_LENGTH);
		_refuse(refusal, HASH, tooLong, "", "");
		_refuse(refusal, HASH, URI, tooLong, "");
		_refuse(refusal, HASH, URI, "", tooLong);
	}

	/// @dev In ORGiD 1.1 a pending director who sets the document thereby accepts the directorship.
	function test_T68_pendingDirectorIsRefusedAndStaysPending() external {
		vm.prank(OWNER);
		registry.transferDirectorship(orgId, OTHER);
		_expectRevert(abi.encodeWithSelector(IOrgIdRegistry.CallerNotOwnerOrDirector.selector, orgId, OTHER));
		vm.prank(OTHER);
		registry.setOrgJson(orgId, HASH, URI, "", "");
		require(!_read(orgId).isDirectorshipAccepted, "pending");
	}

	function testFuzz_anyCombinationEitherFitsOrIsRefused(
		bytes32 hash,
		bool hasHash,
		string calldata uri,
		string calldata backup1,
		string calldata backup2
	) external {
		if (!hasHash) hash = 0;
		bool hasUri = bytes(uri).length != 0;
		bool hasBackup = bytes(backup1).length != 0 || bytes(backup2).length != 0;
		bool fits = (hash != 0) == hasUri && (hasUri || !hasBackup);
		vm.prank(OWNER);
		try registry.setOrgJson(orgId, hash, uri, backup1, backup2) {
			require(fits, "accepted");
			require(_read(orgId).orgJsonHash == hash && _same(_read(orgId).orgJsonUri, uri), "stored");
			require(_same(_read(orgId).orgJsonUriBackup2, backup2), "stored backup");
		} catch {
			require(!fits, "refused");
		}
	}

	function _set(address caller, bytes32 hash, string memory uri, string memory b1, string memory b2) private {
		vm.prank(caller);
		registry.setOrgJson(orgId, hash, uri, b1, b2);
	}

	function _refuseIncomplete(bytes32 hash, string memory uri, string memory b1, string memory b2) private {
		_refuse(
			abi.encodeWithSelector(IOrgIdRegistry.OrgJsonIncomplete.selector, hash, uri, b1, b2),
			hash,
			uri,
			b1,
			b2
		);
	}

	/// @dev Refused by setOrgJson, createOrganization and createUnit alike.
	function _refuse(
		bytes memory refusal,
		bytes32 hash,
		string memory uri,
		string memory b1,
		string memory b2
	) private {
		_expectRevert(refusal);
		_set(OWNER, hash, uri, b1, b2);
		_expectRevert(refusal);
		vm.prank(OWNER);
		registry.createOrganization("refused", hash, uri, b1, b2);
		_expectRevert(refusal);
		vm.prank(OWNER);
		registry.createUnit("refused", orgId, DIRECTOR, hash, uri, b1, b2);
	}
}

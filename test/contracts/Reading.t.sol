// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IOrgIdRegistry } from "../../contracts/IOrgIdRegistry.sol";
import { RegistryTest } from "./RegistryTest.sol";
import { vm } from "./Vm.sol";

/// @dev Views: absent ids, the layout that clients of ORGiD 1.1 decode, many ids at once, pages.
contract ReadingTest is RegistryTest {
	/// @dev As ORGiD 1.1 and ERC-165 publish them, not computed from our interface.
	bytes4 private constant GET_ORGANIZATION = 0x22b3cd4e;
	bytes4 private constant ORGID = 0x0f4893ef;
	bytes4 private constant ORGID_HIERARCHY = 0x6af2fb27;
	bytes4 private constant ERC165 = 0x01ffc9a7;
	bytes4 private constant ERC165_INVALID = 0xffffffff;

	/// @dev What {_createOrganizations} creates: every third organization is inactive.
	uint256 private constant ORGANIZATIONS = 10;
	uint256 private constant INACTIVE_EVERY = 3;
	uint256 private constant ACTIVE = 7;

	function testFuzz_unknownIdReadsAsAbsent(bytes32 orgId) external view {
		IOrgIdRegistry.ResolvedOrganization memory empty;
		(IOrgIdRegistry.ResolvedOrganization memory o, uint256 number, uint256 time) = registry.resolve(orgId);
		require(keccak256(abi.encode(o)) == keccak256(abi.encode(empty)), "resolve");
		require(number == block.number && time == block.timestamp, "block");
		(bool success, bytes memory data) = address(registry).staticcall(
			abi.encodeCall(IOrgIdRegistry.getOrganization, (orgId))
		);
		require(success, "reverted");
		require(keccak256(data) == keccak256(_encode11(empty)), "organization");
		require(registry.getUnits(orgId, true).length == 0 && registry.unitCount(orgId) == 0, "units");
		(bytes32[] memory ids, uint256 next, uint256 total) = registry.listUnits(orgId, true, 0, 10);
		require(ids.length == 0 && next == 0 && total == 0, "page");
	}

	function testFuzz_unknownKeyReadsAsAbsent(bytes32 orgId, string calldata fragment) external view {
		(bool exists, bytes32 x, bytes32 y, uint48 from, uint48 until, uint48 added, uint48 revoked) = registry
			.getKey(orgId, fragment);
		require(!exists && x == 0 && y == 0 && from + until + added + revoked == 0, "key");
	}

	/// @dev Eleven values in the order of ORGiD 1.1, not a struct.
	function test_getOrganizationHasTheLayoutOf11() external {
		bytes32 parent = _create(OWNER, "parent");
		vm.prank(OWNER);
		bytes32 unit = registry.createUnit("unit", parent, OWNER, HASH, "u", "b1", "b2");
		(bool success, bytes memory data) = address(registry).staticcall(
			abi.encodeWithSelector(GET_ORGANIZATION, unit)
		);
		require(success, "reverted");
		IOrgIdRegistry.ResolvedOrganization memory o = _read(unit);
		require(keccak256(data) == keccak256(_encode11(o)), "layout");
		require(o.orgId == unit && o.parentOrgId == parent && o.owner == OWNER && o.director == OWNER, "values");
		require(o.isActive && o.isDirectorshipAccepted && _same(o.orgJsonUriBackup2, "b2"), "more values");
	}

	function test_selectorsAndTopicsAreThoseOf11() external pure {
		require(IOrgIdRegistry.createOrganization.selector == 0xb2c23371, "createOrganization");
		require(IOrgIdRegistry.createUnit.selector == 0xbf042ef2, "createUnit");
		require(IOrgIdRegistry.toggleActiveState.selector == 0x0209c0ef, "toggleActiveState");
		require(IOrgIdRegistry.acceptDirectorship.selector == 0x781a9601, "acceptDirectorship");
		require(IOrgIdRegistry.transferDirectorship.selector == 0xa954f145, "transferDirectorship");
		require(IOrgIdRegistry.renounceDirectorship.selector == 0x096dde02, "renounceDirectorship");
		require(IOrgIdRegistry.transferOrganizationOwnership.selector == 0xaa73697e, "transferOwnership");
		require(IOrgIdRegistry.setOrgJson.selector == 0x3b331384, "setOrgJson");
		require(IOrgIdRegistry.getOrganization.selector == GET_ORGANIZATION, "getOrganization");
		require(IOrgIdRegistry.getOrganizations.selector == 0x0c70d7c5, "getOrganizations");
		require(IOrgIdRegistry.getUnits.selector == 0x0dd56c93, "getUnits");
		_assertTopic(
			IOrgIdRegistry.OrganizationCreated.selector,
			0x5bf391b908bf20dee9909c8fcb845e459772dcbd3abfb1acab2cfce848ae3d88
		);
		_assertTopic(
			IOrgIdRegistry.UnitCreated.selector,
			0x01b4c566f34c9728d9dbf155d46f3ee9662a84707b1d90ab48050a498a2fa0ed
		);
		_assertTopic(
			IOrgIdRegistry.OrganizationActiveStateChanged.selector,
			0x74dc7d69331700018909372bcc720b39d24512cf06f201fccb2ebc50bf9d9777
		);
		_assertTopic(
			IOrgIdRegistry.DirectorshipAccepted.selector,
			0x2f2df3ca6c9c6bed847375aa541a18a25274266b9db75f5d036d39d60a991a55
		);
		_assertTopic(
			IOrgIdRegistry.DirectorshipTransferred.selector,
			0xf48a0476fdd6787ca02ed9f6988fce177ad04bdc58ee80a946f54a3cd4f24273
		);
		_assertTopic(
			IOrgIdRegistry.OrganizationOwnershipTransferred.selector,
			0x92cbe7f5dafde5e697f8d8b2b255d1b4e2aa7f0c62260b4610079774b19e28f4
		);
		_assertTopic(
			IOrgIdRegistry.OrgJsonChanged.selector,
			0xf46525523ea348ab9dd89aae5323654ad0fa0c4d0188ae2990f9492e559c455b
		);
	}

	function testFuzz_supportsTheInterfacesOf11AndNoOther(bytes4 interfaceId) external view {
		require(registry.supportsInterface(ORGID), "ORGiD");
		require(registry.supportsInterface(ORGID_HIERARCHY), "hierarchy");
		require(registry.supportsInterface(ERC165), "ERC-165");
		require(!registry.supportsInterface(ERC165_INVALID), "ERC-165's invalid id");
		bool known = interfaceId == ORGID || interfaceId == ORGID_HIERARCHY || interfaceId == ERC165;
		require(registry.supportsInterface(interfaceId) == known, "other");
	}

	function test_resolveManyIsResolveForEach() external {
		bytes32[] memory orgIds = new bytes32[](3);
		(orgIds[0], orgIds[1], orgIds[2]) = (_createDirected("a"), keccak256("unknown"), _create(OTHER, "b"));
		_addKey(orgIds[0], "webserver");
		(IOrgIdRegistry.ResolvedOrganization[] memory all, uint256 number, uint256 time) = registry.resolveMany(
			orgIds
		);
		require(all.length == 3 && number == block.number && time == block.timestamp, "block");
		for (uint256 i = 0; i < 3; i++) {
			require(keccak256(abi.encode(all[i])) == keccak256(abi.encode(_read(orgIds[i]))), "organization");
		}
		(all, , ) = registry.resolveMany(new bytes32[](0));
		require(all.length == 0, "none");
	}

	function test_inactiveOnesAreListedOnRequest() external {
		bytes32 first = _create(OWNER, "1");
		bytes32 second = _create(OWNER, "2");
		bytes32 unit = _createUnit(first, "u", address(0));
		vm.prank(OWNER);
		registry.setActive(first, false);
		require(registry.getOrganizations(true).length == 2, "all");
		bytes32[] memory active = registry.getOrganizations(false);
		require(active.length == 1 && active[0] == second, "active");
		require(registry.getUnits(first, false).length == 1, "unit of an inactive parent");
		vm.prank(OWNER);
		registry.setActive(unit, false);
		require(
			registry.getUnits(first, false).length == 0 && registry.getUnits(first, true).length == 1,
			"units"
		);
	}

	function testFuzz_T69_pagesMakeUpTheList(uint8 size, bool includeInactive) external {
		uint256 count = (size % 5) + 1;
		_createOrganizations();
		bytes32[] memory list = registry.getOrganizations(includeInactive);
		uint256 seen = 0;
		uint256 cursor = 0;
		while (cursor < ORGANIZATIONS) {
			(bytes32[] memory page, uint256 next, uint256 total) = registry.listOrganizations(
				includeInactive,
				cursor,
				count
			);
			uint256 end = cursor + count < ORGANIZATIONS ? cursor + count : ORGANIZATIONS;
			require(total == ORGANIZATIONS && next == end, "position");
			for (uint256 i = 0; i < page.length; i++) require(page[i] == list[seen++], "id");
			cursor = next;
		}
		require(seen == list.length && seen == (includeInactive ? ORGANIZATIONS : ACTIVE), "all seen");
	}

	function testFuzz_T69_pagesPastTheEndAreEmptyAndCheap(uint256 cursor, uint256 count) external {
		_createOrganizations();
		uint256 gasBefore = gasleft();
		(bytes32[] memory page, uint256 next, uint256 total) = registry.listOrganizations(true, cursor, count);
		require(gasBefore - gasleft() < 100_000, "gas");
		uint256 rest = cursor < ORGANIZATIONS ? ORGANIZATIONS - cursor : 0;
		uint256 expected = count < rest ? count : rest;
		require(page.length == expected && total == ORGANIZATIONS, "length");
		require(next == (cursor < ORGANIZATIONS ? cursor + expected : ORGANIZATIONS), "next");
	}

	function test_T69_unitsArePagedToo() external {
		bytes32 parent = _create(OWNER, "parent");
		for (uint256 i = 0; i < 3; i++) _createUnit(parent, bytes32(i + 1), address(0));
		(bytes32[] memory page, uint256 next, uint256 total) = registry.listUnits(
			parent,
			true,
			1,
			type(uint256).max
		);
		require(page.length == 2 && next == 3 && total == 3, "page");
		require(page[1] == registry.getUnits(parent, true)[2], "id");
		(page, next, total) = registry.listUnits(parent, true, 3, 1);
		require(page.length == 0 && next == 3, "end");
	}

	function _createOrganizations() private {
		for (uint256 i = 1; i <= ORGANIZATIONS; i++) {
			bytes32 orgId = _create(OWNER, bytes32(i));
			vm.prank(OWNER);
			registry.setActive(orgId, i % INACTIVE_EVERY != 0);
		}
	}

	function _encode11(IOrgIdRegistry.ResolvedOrganization memory o) private pure returns (bytes memory) {
		return
			abi.encode(
				o.exists,
				o.orgId,
				o.orgJsonHash,
				o.orgJsonUri,
				o.orgJsonUriBackup1,
				o.orgJsonUriBackup2,
				o.parentOrgId,
				o.owner,
				o.director,
				o.isActive,
				o.isDirectorshipAccepted
			);
	}

	function _assertTopic(bytes32 topic, bytes32 expected) private pure {
		require(topic == expected, "topic");
	}
}

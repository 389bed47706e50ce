/**
 * The functions, events and errors of Winding Tree's contracts that are used, of ORGiD 1.0 to 1.1.5 and of 3.x. The
 * rest belongs to their proxies or has the same effects.
 * @module
 */

/** ORGiD 1.0 to 1.1.5. */
export const ORGID_V1_ABI: readonly string[] = [
	"function createOrganization(bytes32 salt, bytes32 orgJsonHash, string orgJsonUri, string orgJsonUriBackup1, string orgJsonUriBackup2) returns (bytes32 id)",
	"function toggleActiveState(bytes32 orgId)",
	"function acceptDirectorship(bytes32 orgId)",
	"function transferDirectorship(bytes32 orgId, address newDirector)",
	"function transferOrganizationOwnership(bytes32 orgId, address newOwner)",
	"function setOrgJson(bytes32 orgId, bytes32 orgJsonHash, string orgJsonUri, string orgJsonUriBackup1, string orgJsonUriBackup2)",
	"function getOrganization(bytes32 orgId) view returns (bool exists, bytes32 orgId, bytes32 orgJsonHash, string orgJsonUri, string orgJsonUriBackup1, string orgJsonUriBackup2, bytes32 parentOrgId, address owner, address director, bool isActive, bool isDirectorshipAccepted)",
	"function getOrganizations(bool includeInactive) view returns (bytes32[] orgIds)",
	"function supportsInterface(bytes4 interfaceId) view returns (bool supported)",
	"event OrganizationCreated(bytes32 indexed orgId, address indexed owner)",
	"event UnitCreated(bytes32 indexed parentOrgId, bytes32 indexed unitOrgId, address indexed director)",
	"event OrganizationActiveStateChanged(bytes32 indexed orgId, bool previousState, bool newState)",
	"event DirectorshipAccepted(bytes32 indexed orgId, address indexed director)",
	"event DirectorshipTransferred(bytes32 indexed orgId, address indexed previousDirector, address indexed newDirector)",
	"event OrganizationOwnershipTransferred(bytes32 indexed orgId, address indexed previousOwner, address indexed newOwner)",
	"event OrgJsonChanged(bytes32 indexed orgId, bytes32 indexed previousOrgJsonHash, string previousOrgJsonUri, string previousOrgJsonUriBackup1, string previousOrgJsonUriBackup2, bytes32 indexed newOrgJsonHash, string newOrgJsonUri, string newOrgJsonUriBackup1, string newOrgJsonUriBackup2)",
];

/** ORGiD 3.x, an ERC-721 contract. */
export const ORGID_V3_ABI: readonly string[] = [
	"function createOrgId(bytes32 salt, string orgJsonUri) returns (bytes32 orgId)",
	"function setOrgJson(bytes32 orgId, string orgJsonUri)",
	"function addDelegates(bytes32 orgId, string[] dids)",
	"function removeDelegates(bytes32 orgId, string[] dids)",
	"function safeTransferFrom(address from, address to, uint256 tokenId)",
	"function getTokenId(bytes32 orgId) view returns (uint256 tokenId)",
	"function getOrgId(uint256 tokenId) view returns (bool exists, bytes32 orgId, string orgJsonUri, address owner)",
	"function getDelegates(bytes32 orgId) view returns (string[] dids)",
	"function totalSupply() view returns (uint256 count)",
	"function supportsInterface(bytes4 interfaceId) view returns (bool supported)",
	"event OrgIdCreated(bytes32 indexed orgId, address indexed owner)",
	"event OrgJsonUriChanged(bytes32 indexed orgId, string orgJsonUri)",
	"event OrgIdDelegatesAdded(bytes32 indexed orgId, string[] delegates)",
	"event OrgIdDelegatesRemoved(bytes32 indexed orgId, string[] delegates)",
	"event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)",
	"error CalledNotByOrgIdOwner()",
	"error InvalidDelegatesInput()",
	"error OrgIdAlreadyExists(bytes32 orgId)",
	"error OrgIdNotFound(bytes32 orgId)",
	"error OrgJsonUriEmpty()",
	"error TokenNotFound(uint256 tokenId)",
];

/**
 * IoTeX's addresses: an account's 20 bytes in bech32 (BIP 173). Hand-written: @scure/base adds two kilobytes to every
 * bundle, most of it for other encodings.
 * @module
 */
const ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const CHECKSUM_LENGTH = 6;
const ACCOUNT_LENGTH = 20;
/** Of `io1` or `it1`, 32 characters of five bits each, and the checksum. */
const ADDRESS_LENGTH = 41;
const PREFIX_LENGTH = 3;

/** The human-readable part: the mainnet's, or the testnet's. */
export type IoPrefix = "io" | "it";

/** Encodes an account's 20 bytes. */
export function encodeIoAddress<Prefix extends IoPrefix>(prefix: Prefix, account: Uint8Array): `${Prefix}1${string}` {
	const groups = regroup(account, 8, 5);
	const characters = [...groups, ...checksumOf(prefix, groups)].map((group) => ALPHABET[group]);
	return `${prefix}1${characters.join("")}`;
}

/** Decodes an address in lower or upper case, but not in mixed case. */
export function decodeIoAddress(text: string): Uint8Array<ArrayBuffer> | undefined {
	if (text.length !== ADDRESS_LENGTH) return undefined;
	const lower = text.toLowerCase();
	const characters = lower.slice(PREFIX_LENGTH, -CHECKSUM_LENGTH);
	const groups = Array.from(characters, (character) => ALPHABET.indexOf(character));
	const account = new Uint8Array(regroup(groups, 5, 8));
	if (account.length !== ACCOUNT_LENGTH) return undefined;
	// The only text of an account in each case, so nothing else has to be checked.
	const encoded = encodeIoAddress(lower.startsWith("it") ? "it" : "io", account);
	return text === encoded || text === encoded.toUpperCase() ? account : undefined;
}

/** Divides the same bits into groups of another length. */
function regroup(values: Iterable<number>, fromBits: number, toBits: number): number[] {
	const groups: number[] = [];
	let rest = 0;
	let bits = 0;
	for (const value of values) {
		rest = ((rest << fromBits) | value) & 0xfff;
		for (bits += fromBits; bits >= toBits; ) {
			bits -= toBits;
			groups.push((rest >> bits) & ((1 << toBits) - 1));
		}
	}
	return groups;
}

function checksumOf(prefix: IoPrefix, groups: readonly number[]): number[] {
	const codes = Array.from(prefix, (character) => character.charCodeAt(0));
	const high = codes.map((code) => code >> 5);
	const low = codes.map((code) => code & 0x1f);
	let checksum = 1;
	for (const value of [...high, 0, ...low, ...groups, ...new Uint8Array(CHECKSUM_LENGTH)]) {
		const top = checksum >>> 25;
		checksum = ((checksum & 0x1ffffff) << 5) ^ value;
		for (const [bit, term] of GENERATOR.entries()) if ((top >> bit) & 1) checksum ^= term;
	}
	return Array.from(
		{ length: CHECKSUM_LENGTH },
		(_, at) => ((checksum ^ 1) >> (5 * (CHECKSUM_LENGTH - 1 - at))) & 0x1f,
	);
}

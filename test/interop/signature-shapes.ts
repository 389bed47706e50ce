/**
 * What ECDSA signatures looked like: the rare shapes are where libraries disagree, so they are counted.
 * @module
 */

/** Half the order of secp256k1 (SEC 2, 2.4.1), rounded down. */
const HALF_ORDER = "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0";

/** Counts of the shapes of r||s. */
export interface Shapes {
	readonly tokens: number;
	/** S above half the order. */
	readonly highS: number;
	/** r or s begins with a zero byte. */
	readonly short: number;
}

/** Counts the shapes of tokens' signatures. */
export function shapesOf(tokens: readonly string[]): Shapes {
	const scalars = tokens.map((token) => {
		const hex = Buffer.from(token.split(".")[2] ?? "", "base64url").toString("hex");
		return [hex.slice(0, 64), hex.slice(64, 128)] as const;
	});
	return {
		tokens: tokens.length,
		highS: scalars.filter(([, s]) => s > HALF_ORDER).length,
		short: scalars.filter((pair) => pair.some((scalar) => scalar.startsWith("00"))).length,
	};
}

/** The parts of jose 2 that the benchmark uses; its own types don't resolve under `nodenext`. */
declare module "jose2" {
	const jose: {
		readonly JWK: { asKey(pem: string): unknown };
		readonly JWT: {
			sign(claims: object, key: unknown, options: object): string;
			verify(token: string, key: unknown, options: { readonly audience: string }): object;
		};
	};
	// biome-ignore lint/style/noDefaultExport: a CommonJS module seen from ESM
	export default jose;
}

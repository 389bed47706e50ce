/** As much of jsonwebtoken as the pages of docs use: its types are a package of their own. */
declare module "jsonwebtoken" {
	interface JsonWebToken {
		sign(claims: object, key: string, options: object): string;
		verify(token: string, key: string, options: object): Readonly<Record<string, unknown>>;
	}
	const jwt: JsonWebToken;
	export = jwt;
}

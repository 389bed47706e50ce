import { auth } from "../../../lib/auth.ts";

export const GET = auth()((_request, { issuer, keyId, scopes, expiresAt }) =>
	Response.json({ issuer, keyId, scopes, expiresAt }),
);

import { auth } from "../../lib/auth.ts";

/** Anyone may see the offers; organizations that sign in pay less. */
export const GET = auth({ optional: true })((_request, token) =>
	Response.json({ issuer: token?.issuer ?? null, offers: [{ room: "101", price: token ? 80 : 100 }] }),
);

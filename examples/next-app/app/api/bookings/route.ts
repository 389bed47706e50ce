import { auth } from "../../../lib/auth.ts";

export const POST = auth.requires({ scope: "book" })(async (request, { issuer }) => {
	const { room = "101" } = await request.json().catch(() => ({}));
	return Response.json({ issuer, room }, { status: 201 });
});

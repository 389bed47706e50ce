import type { NextRequest } from "next/server";
import { auth } from "../../../../lib/auth.ts";

export const GET = auth()(
	async ({ nextUrl }: NextRequest, { issuer }, { params }: { params: Promise<{ room: string }> }) =>
		Response.json({ issuer, room: (await params).room, nights: Number(nextUrl.searchParams.get("nights") ?? 1) }),
);

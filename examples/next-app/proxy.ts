import { NextResponse } from "next/server";
import { auth } from "./lib/auth.ts";

/** Everything below /api requires a valid token, even if a route has no guard of its own. */
export const proxy = auth()(() => NextResponse.next());

export const config = { matcher: "/api/:path*" };

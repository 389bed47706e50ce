import { verifier } from "../../lib/auth.ts";

/** Remembered for five seconds, because anyone may ask. */
let health = { isReady: false, expiresAt: 0 };

export async function GET(): Promise<Response> {
	if (performance.now() >= health.expiresAt) {
		health = { isReady: await verifier.isReady(), expiresAt: performance.now() + 5_000 };
	}
	const { isReady } = health;
	return Response.json({ isReady }, { status: isReady ? 200 : 503 });
}

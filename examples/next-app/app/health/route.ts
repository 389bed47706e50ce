import { verifier } from "../../lib/auth.ts";

export async function GET(): Promise<Response> {
	const isReady = await verifier.isReady();
	return Response.json({ isReady }, { status: isReady ? 200 : 503 });
}

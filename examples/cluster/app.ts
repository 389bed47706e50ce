/** The hotel's API: what every worker serves. */
import cluster from "node:cluster";
import { createServer, type Server } from "node:http";
import type { Verifier } from "orgpass";
import { bearerAuth } from "orgpass/http/node";

export function createApp(verifier: Verifier): Server {
	const auth = bearerAuth({ verifier });
	return createServer(
		auth.requires({ scope: "offers" })((_request, response, { issuer }) => {
			response.setHeader("content-type", "application/json");
			response.end(JSON.stringify({ issuer, price: 80, worker: cluster.worker?.id ?? null }));
		}),
	);
}

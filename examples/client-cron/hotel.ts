/** The hotel's API, on node:http, so that the client has someone to ask. */
import { createServer, type Server } from "node:http";
import type { Verifier } from "orgpass";
import { bearerAuth } from "orgpass/http/node";

export function createHotel(verifier: Verifier): Server {
	const auth = bearerAuth({ verifier });
	return createServer(
		auth.requires({ scope: "offers" })((_request, response, { issuer }) => {
			response.setHeader("content-type", "application/json");
			response.end(JSON.stringify({ issuer, offers: [{ room: "101", price: 80 }] }));
		}),
	);
}

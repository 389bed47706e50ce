/** The hotel's routes. */
import { Body, Controller, Get, Inject, Post, ServiceUnavailableException, UseGuards } from "@nestjs/common";
import type { Verifier } from "orgpass";
import type { Authenticated } from "orgpass/http";
import { Auth, BearerGuard, OptionalAuth, Requires, VERIFIER } from "./auth.js";

@Controller()
export class HotelController {
	readonly #verifier: Verifier;
	/** Remembered for five seconds, because anyone may ask. */
	#health = { isReady: false, expiresAt: 0 };

	constructor(@Inject(VERIFIER) verifier: Verifier) {
		this.#verifier = verifier;
	}

	@Get("health")
	async health(): Promise<object> {
		if (performance.now() >= this.#health.expiresAt) {
			this.#health = { isReady: await this.#verifier.isReady(), expiresAt: performance.now() + 5_000 };
		}
		const { isReady } = this.#health;
		if (!isReady) throw new ServiceUnavailableException({ isReady });
		return { isReady };
	}

	/** Anyone may see the offers; organizations that sign in pay less. */
	@Get("offers")
	@UseGuards(BearerGuard)
	@OptionalAuth()
	offers(@Auth() auth: Authenticated | undefined): object {
		return { issuer: auth?.issuer ?? null, offers: [{ room: "101", price: auth ? 80 : 100 }] };
	}
}

/** Everything here requires a valid token. */
@Controller("api")
@UseGuards(BearerGuard)
export class ApiController {
	@Get("me")
	me(@Auth() { issuer, keyId, scopes, expiresAt }: Authenticated): object {
		return { issuer, keyId, scopes, expiresAt };
	}

	@Post("bookings")
	@Requires({ scope: "book" })
	book(@Auth() { issuer }: Authenticated, @Body() body?: { room?: string }): object {
		return { issuer, room: body?.room ?? "101" };
	}
}

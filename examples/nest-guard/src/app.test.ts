/** Tests the app on a local chain of its own, on both of Nest's platforms. */
import "reflect-metadata";
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Controller, Get, Module, UseGuards } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { createVerifier, orgid } from "orgpass";
import { startTestNetwork } from "orgpass/testing";
import { AppModule } from "./app.module.js";
import { BearerGuard, Requires, VERIFIER } from "./auth.js";

const network = await startTestNetwork({ organizations: 2 });
after(() => network.close());
const [airline, hotel] = network.organizations;
const minter = airline.minter({ audience: hotel.did });
const verifier = createVerifier({
	profiles: [orgid({ audience: hotel.did, resolver: network.resolver })],
	now: network.now,
});

for (const Adapter of [ExpressAdapter, FastifyAdapter]) {
	test(`only organizations with the scope can book: ${Adapter.name}`, async () => {
		const app = await NestFactory.create(
			AppModule.withVerifier(() => verifier),
			new Adapter(),
			{ logger: false },
		);
		after(() => app.close());
		await app.listen(0, "127.0.0.1");
		const book = async (token?: string): Promise<Response> => {
			const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` };
			return fetch(`${await app.getUrl()}/api/bookings`, { method: "POST", headers });
		};

		const { status, headers } = await book();
		assert.equal(status, 401);
		assert.equal(headers.get("www-authenticate"), 'Bearer realm="orgpass", scope="book"');
		assert.match(headers.get("content-type") ?? "", /^application\/problem\+json/);
		assert.equal((await book(await minter.mint())).status, 403);
		assert.equal((await book(await minter.mint({ scope: "book" }))).status, 201);
	});
}

@Controller()
@UseGuards(BearerGuard)
@Requires({ issuers: [airline.did] })
class PartnersController {
	@Get("partners")
	@Requires({ scope: "book" })
	list(): string[] {
		return [];
	}
}

@Module({ controllers: [PartnersController], providers: [{ provide: VERIFIER, useValue: verifier }] })
class PartnersModule {}

test("a route's requirements don't replace those of its controller", async () => {
	const app = await NestFactory.create(PartnersModule, { logger: false });
	after(() => app.close());
	await app.listen(0, "127.0.0.1");
	const statusFor = async ({ minter }: typeof airline, scope?: string): Promise<number> => {
		const token = await minter({ audience: hotel.did }).mint(scope === undefined ? {} : { scope });
		const headers = { authorization: `Bearer ${token}` };
		return (await fetch(`${await app.getUrl()}/partners`, { headers })).status;
	};

	assert.equal(await statusFor(airline, "book"), 200);
	assert.equal(await statusFor(airline), 403);
	assert.equal(await statusFor(hotel, "book"), 403);
});

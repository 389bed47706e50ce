import { type DynamicModule, Module } from "@nestjs/common";
import type { Verifier } from "orgpass";
import { VERIFIER } from "./auth.js";
import { ApiController, HotelController } from "./hotel.controller.js";

@Module({ controllers: [HotelController, ApiController] })
export class AppModule {
	/** The verifier is injected, so that tests can use one for their own chain. */
	static withVerifier(createVerifier: () => Verifier): DynamicModule {
		return { module: AppModule, providers: [{ provide: VERIFIER, useFactory: createVerifier }] };
	}
}

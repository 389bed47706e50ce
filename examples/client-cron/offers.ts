/** The hotel's API, as the airline calls it. The tokens are the business of `authFetch` alone. */
import { type AuthFetchOptions, createAuthFetch } from "orgpass/client";

export interface HotelOptions {
	minter: AuthFetchOptions["minter"];
	/** Where the hotel's API is, and its DID. */
	url: string;
	audience: string;
}

export function createOffersClient({
	minter,
	url,
	audience,
}: HotelOptions): (signal?: AbortSignal) => Promise<unknown> {
	const { origin } = new URL(url);
	const authFetch = createAuthFetch({ minter, audiences: { [origin]: { audience, scope: "offers" } } });
	return async function fetchOffers(signal = AbortSignal.timeout(60_000)) {
		const response = await authFetch(`${url}/offers`, { signal });
		if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
		return response.json();
	};
}

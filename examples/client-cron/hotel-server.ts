/** Starts the hotel's API with the settings of the environment. */
import { createOrgIdResolver, createVerifier, orgid } from "orgpass";
import { createHotel } from "./hotel.ts";

const { CHAIN_ID, RPC_URL, REGISTRY = "", HOTEL = "", PORT } = process.env;
const networks = [{ chainId: Number(CHAIN_ID), rpcUrl: RPC_URL, registry: REGISTRY }];
const resolver = createOrgIdResolver({ networks });
const server = createHotel(createVerifier({ profiles: [orgid({ audience: HOTEL, resolver })] }));
server.listen(Number(PORT), "127.0.0.1", () => console.log(`listening on port ${PORT}`));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => server.close(() => resolver.close()));

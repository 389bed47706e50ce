/**
 * Verifies tokens signed by accounts, and compares that with the time that ethers takes for the signature alone. The
 * ratios matter, not the numbers.
 * @module
 */
import { verifyMessage } from "ethers";
import { bench, run, summary } from "mitata";
import { createOrgIdAccountMinter, createOrgIdEthMinter, createVerifier, orgidAccount, orgidEth } from "orgpass";
import { decodeToken } from "orgpass/jws";
import { startTestNetwork } from "orgpass/testing";

const network = await startTestNetwork({ organizations: 2 });
const [airline, hotel] = network.organizations;
const { resolver, now, registry } = network;
const audience = hotel.did;
const verifier = createVerifier({
	profiles: [orgidAccount({ audience, resolver }), orgidEth({ audience, resolver })],
	now,
});
const common = { key: airline.owner, issuer: airline.did, audience, now };
const account = await createOrgIdAccountMinter({
	registry: registry.address,
	...common,
}).mint();
const eth = await createOrgIdEthMinter({ ...common }).mint();
await verifier.verify(account);

const { signingInput, signature } = decodeToken(eth);
const hex = `0x${Buffer.from(signature).toString("hex")}`;

summary(() => {
	bench("orgpass verify, orgid-account", () => verifier.verify(account));
	bench("orgpass verify, orgid-eth", () => verifier.verify(eth));
	bench("ethers verifyMessage, signature only", () => verifyMessage(signingInput, hex));
});
await run();
await network.close();

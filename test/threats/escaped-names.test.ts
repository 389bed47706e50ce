/** T16: V8 13.6 takes some member names with escapes for others, so they are unescaped before anything is parsed. */
import { expect, it } from "vitest";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { createProvider } from "../../src/registry/ethers-provider.ts";
import { openLogSocket } from "../../src/registry/log/log-socket.ts";
import { keysFromJwks } from "../../src/tokens/issuer-keys/keys-from-jwks.ts";
import { answerHonestly, startAnnouncingNode } from "../support/announcing-node.ts";
import { startFakeNode } from "../support/fake-node.ts";
import { startJwksServer } from "../support/jwks-server.ts";
import { until } from "../support/patient-timers.ts";
import { APP_ID, RSA_KEYS } from "../support/token-kinds.ts";

/** An object whose last name is written with an escape, so that V8 takes it for another one. */
function withEscape(name: string, value: string, others = ""): string {
	const escaped = `${name.slice(0, 1)}\\u${name.charCodeAt(1).toString(16).padStart(4, "0")}${name.slice(2)}`;
	const similar = escaped.slice(0, name.length).replace("\\", "\\\\");
	// V8 remembers which member came after the first one, for as long as the process runs.
	const first = crypto.randomUUID();
	return `{"${first}":{"${first}":1,${others}"${similar}":1},${others}"${escaped}":${value}}`;
}

it("T16: the names of a JWK Set are read as they are", async () => {
	const server = await startJwksServer();
	const key = JSON.stringify({ ...exportPublicKey(RSA_KEYS.publicKey, "jwk"), kid: APP_ID });
	server.send(withEscape("keys", `[${key}]`));
	expect(await keysFromJwks(server.url)(APP_ID, undefined)).toMatchObject([
		{ thumbprint: RSA_KEYS.publicKey.thumbprint },
	]);
	await server.close();
});

it("T16: the names of a node's response are read as they are", async () => {
	const body = withEscape("result", '"0xab"', '"jsonrpc":"2.0","id":1,');
	const node = await startFakeNode(() => ({ status: 200, body }));
	const provider = createProvider(node.url, 31337);
	expect(await provider.send("eth_call", [])).toBe("0xab");
	provider.destroy();
	await node.close();
});

it("T16: the names of a node's announcement are read as they are", async () => {
	const node = await startAnnouncingNode();
	let blocks = 0;
	node.answer = (socket, call) => {
		answerHonestly(socket, call);
		const log = `{"subscription":"0xa","result":{"number":"0x1","hash":"0x${"ab".repeat(32)}","parentHash":"0x${"ab".repeat(32)}"}}`;
		if (call.id === 3) socket.send(withEscape("method", '"eth_subscription"', `"params":${log},`));
	};
	const socket = openLogSocket({
		url: node.url,
		chainId: 31337,
		address: `0x${"11".repeat(20)}`,
		onChange: () => {},
		onLog: () => {},
		onBlock: () => {
			blocks += 1;
		},
	});
	await until(() => blocks > 0);
	expect(blocks).toBe(1);
	socket.close();
	await node.close();
});

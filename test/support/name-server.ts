/**
 * A DNS server (RFC 1035) over UDP that knows some names, says that others don't exist, and never answers for the rest.
 * @module
 */
import { createSocket } from "node:dgram";
import { once } from "node:events";

const TYPES: Readonly<Record<number, "A" | "AAAA">> = { 1: "A", 28: "AAAA" };

/** The addresses of a name by type; `undefined` means no such name, "silence" no answer. */
export type Zone = (name: string, type: "A" | "AAAA") => readonly string[] | undefined | "silence";

export interface NameServer {
	/** `address:port`. */
	readonly address: string;
	/** Every question, as `name type`. */
	readonly asked: string[];
	close(): Promise<void>;
}

export async function startNameServer(zone: Zone): Promise<NameServer> {
	const socket = createSocket("udp4");
	const asked: string[] = [];
	socket.on("message", (query, { port, address }) => {
		const [name, end] = readName(query);
		const type = TYPES[query.readUInt16BE(end)] ?? "A";
		asked.push(`${name} ${type}`);
		const found = zone(name, type);
		if (found === "silence") return;
		const header = Buffer.from(query.subarray(0, 12));
		header.writeUInt16BE(found === undefined ? 0x8183 : 0x8180, 2);
		header.writeUInt16BE(found?.length ?? 0, 6);
		header.writeUInt16BE(0, 8);
		header.writeUInt16BE(0, 10);
		const answers = (found ?? []).map((one) => record(type, one));
		socket.send(Buffer.concat([header, query.subarray(12, end + 4), ...answers]), port, address);
	});
	socket.bind(0, "127.0.0.1");
	await once(socket, "listening");
	return {
		address: `127.0.0.1:${socket.address().port}`,
		asked,
		close: async () => {
			socket.close();
			await once(socket, "close");
		},
	};
}

function readName(query: Buffer): [name: string, end: number] {
	const labels: string[] = [];
	let at = 12;
	for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
		labels.push(query.toString("latin1", at + 1, at + 1 + length));
		at += 1 + length;
	}
	return [labels.join(".").toLowerCase(), at + 1];
}

/** Its name points to the question's. */
function record(type: "A" | "AAAA", address: string): Buffer {
	const data = Buffer.from(type === "A" ? address.split(".").map(Number) : groupsOf(address));
	const head = Buffer.from([0xc0, 12, 0, type === "A" ? 1 : 28, 0, 1, 0, 0, 0, 60, 0, data.length]);
	return Buffer.concat([head, data]);
}

function groupsOf(address: string): number[] {
	const groups = address.split(":").map((group) => Number.parseInt(group, 16));
	return groups.flatMap((group) => [group >> 8, group & 0xff]);
}

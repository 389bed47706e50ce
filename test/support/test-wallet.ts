/**
 * A browser's wallet (EIP-1193, EIP-6963) over a chain that signs for its accounts. The page asks it; it runs in the test.
 * @module
 */
import type { Page } from "playwright-core";
import { postJson } from "./post-json.ts";

/** An error of EIP-1193. */
export interface WalletError {
	readonly code: number;
	readonly message: string;
	readonly data?: unknown;
}

/** A wallet whose user is the test. */
export interface TestWallet {
	/** What it shares; empty if it is locked. */
	accounts: string[];
	chainId: number;
	/** What it answers with instead, by method: an error that is thrown, or a result. */
	readonly answers: Map<string, { readonly error: WalletError } | { readonly result: unknown } | Promise<never>>;
	/** The methods that it was asked for. */
	readonly methods: string[];
	/** Tells the page about a change. */
	emit(event: string, value: unknown): Promise<void>;
}

const BINDING = "askTestWallet";
const ICON =
	"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%23d97706'/%3E%3C/svg%3E";

/** Puts a wallet into every document that the page loads from now on. */
export async function installWallet(page: Page, rpcUrl: string, isAnnounced = true): Promise<TestWallet> {
	const answers: TestWallet["answers"] = new Map();
	const wallet: TestWallet = {
		accounts: [],
		chainId: 31_337,
		answers,
		methods: [],
		emit: (event, value) =>
			page.evaluate(
				([name, content]) => {
					const { testWallet } = globalThis as unknown as { testWallet: { emit: (...args: unknown[]) => void } };
					testWallet.emit(name, content);
				},
				[event, value] as const,
			),
	};
	await page.exposeFunction(BINDING, async (method: string, params: unknown[]) => {
		wallet.methods.push(method);
		const answer = await answers.get(method);
		return answer ?? answerTo(wallet, rpcUrl, method, params);
	});
	await page.addInitScript(injectWallet, { binding: BINDING, icon: ICON, isAnnounced });
	return wallet;
}

async function answerTo(wallet: TestWallet, rpcUrl: string, method: string, params: unknown[]): Promise<object> {
	if (method === "eth_requestAccounts" || method === "eth_accounts") return { result: wallet.accounts };
	if (method === "eth_chainId") return { result: `0x${wallet.chainId.toString(16)}` };
	if (method === "wallet_switchEthereumChain") {
		const [{ chainId }] = params as [{ readonly chainId: string }];
		wallet.chainId = Number(chainId);
		await wallet.emit("chainChanged", chainId);
		return { result: null };
	}
	const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
	return JSON.parse((await postJson(rpcUrl, body)).body) as object;
}

interface Injection {
	readonly binding: string;
	readonly icon: string;
	readonly isAnnounced: boolean;
}

/** Runs in the page. */
function injectWallet({ binding, icon, isAnnounced }: Injection): void {
	const listeners = new Map<string, Set<(value: unknown) => void>>();
	const of = (event: string) => listeners.get(event) ?? listeners.set(event, new Set()).get(event);
	const provider = {
		async request({ method, params = [] }: { method: string; params?: unknown[] }) {
			const ask = (globalThis as unknown as Record<string, (...args: unknown[]) => Promise<object>>)[binding];
			const answer = (await ask?.(method, params)) as { result?: unknown; error?: object };
			if (answer.error !== undefined) throw answer.error;
			return answer.result;
		},
		on: (event: string, listener: (value: unknown) => void) => of(event)?.add(listener),
		removeListener: (event: string, listener: (value: unknown) => void) => of(event)?.delete(listener),
	};
	const emit = (event: string, value: unknown): void => {
		for (const listener of of(event) ?? []) listener(value);
	};
	Object.assign(globalThis, { testWallet: { emit } });
	if (!isAnnounced) {
		Object.assign(globalThis, { ethereum: provider });
		return;
	}
	const info = { uuid: "350670db-19fa-4704-a166-e52e178b59d2", name: "Test Wallet", rdns: "example.wallet", icon };
	const announce = (): void => {
		const detail = Object.freeze({ info: Object.freeze(info), provider });
		dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
	};
	addEventListener("eip6963:requestProvider", announce);
	announce();
}

/**
 * Receipts of transactions as JSON-RPC writes them.
 * @module
 */
import * as v from "valibot";
import { codedError } from "./coded-error.js";
import { parseQuantity } from "./quantity.js";
import type { MinedTransaction } from "./transaction-account.js";

const hex = v.pipe(v.string(), v.regex(/^0x[\da-f]*$/i));
const quantity = v.pipe(v.unknown(), v.transform(parseQuantity), v.number());

const receiptSchema = v.object({
	status: v.literal("0x1"),
	blockNumber: quantity,
	gasUsed: quantity,
	contractAddress: v.nullish(hex, null),
	logs: v.array(v.object({ address: hex, topics: v.array(hex), data: hex })),
});

/** Only a receipt that says so is one of a success. */
export function parseReceipt(hash: string, value: unknown): MinedTransaction {
	if (Object(value).status === "0x0") {
		throw codedError("CALL_EXCEPTION", "the transaction was reverted", { data: null });
	}
	const { success: isValid, output } = v.safeParse(receiptSchema, value);
	if (!isValid) throw codedError("BAD_DATA", "the transaction's receipt is invalid");
	const { blockNumber, gasUsed, contractAddress, logs } = output;
	return { hash, blockNumber, gasUsed: BigInt(gasUsed), contractAddress, logs };
}

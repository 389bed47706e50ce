/** @module */
import { refusedKeyOf } from "../did/verification-method.js";
import { KeyError } from "../errors/errors.js";
import { addKeyAdvice } from "../keys/formats/key-advice.js";

/** Returns an error's message; if its cause is a refused key of a document, with advice about that key. */
export function advisedMessage(error: Error): string {
	let cause: unknown = error;
	while (cause instanceof Error && !(cause instanceof KeyError)) cause = cause.cause;
	if (!(cause instanceof KeyError)) return error.message;
	const advised = addKeyAdvice(cause, refusedKeyOf(cause), { algorithm: "ES256K", expected: "public" }) as KeyError;
	return error.message.replace(cause.message, () => advised.message);
}

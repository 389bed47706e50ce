/**
 * What to do about an error. The advice is several kilobytes, which are loaded when there is an error.
 * @module
 */
import { useEffect, useState } from "preact/hooks";

interface CodedError extends Error {
	readonly code: string;
	readonly details: Readonly<Record<string, unknown>>;
}

export function isCoded(error: Error): error is CodedError {
	return "code" in error && "details" in error && typeof error.details === "object";
}

/** Returns the advice on an error, as soon as it is loaded. */
export function useAdvice(error: Error | undefined): string | undefined {
	const [advice, setAdvice] = useState<string>();
	useEffect(() => {
		setAdvice(undefined);
		if (error === undefined || !isCoded(error)) return undefined;
		const { hint } = error.details;
		if (typeof hint === "string") {
			setAdvice(hint);
			return undefined;
		}
		let isCurrent = true;
		import("./error-advice.ts").then(({ adviceOn }) => {
			if (isCurrent) setAdvice(adviceOn(error.code));
		});
		return () => {
			isCurrent = false;
		};
	}, [error]);
	return advice;
}

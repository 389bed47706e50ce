/** @module */
import { useEffect, useState } from "preact/hooks";

const PREFIX = "#did=";

/** The organization's DID in the page's address, so that a link or a reload opens it again. */
export function useDid(): readonly [did: string, setDid: (did: string) => void] {
	const [did, setDid] = useState(readDid);
	useEffect(() => {
		const read = (): void => setDid(readDid());
		addEventListener("hashchange", read);
		return () => removeEventListener("hashchange", read);
	}, []);
	const change = (next: string): void => {
		setDid(next);
		history.replaceState(null, "", `${location.pathname}${location.search}${PREFIX}${next}`);
	};
	return [did, change];
}

function readDid(): string {
	return location.hash.startsWith(PREFIX) ? location.hash.slice(PREFIX.length) : "";
}

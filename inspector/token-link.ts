/**
 * Links that carry a token. It is in the fragment, which browsers send to no server.
 * @module
 */
const PREFIX = "#token=";

/** Returns the token of the page's address, and removes it from there, so that the history doesn't keep it. */
export function takeTokenFromAddress(): string | undefined {
	const { hash, pathname, search } = location;
	if (!hash.startsWith(PREFIX)) return undefined;
	history.replaceState(null, "", pathname + search);
	return decodeFragment(hash.slice(PREFIX.length));
}

export function linkTo(token: string): string {
	const url = new URL(location.href);
	url.hash = PREFIX + encodeURIComponent(token);
	return url.href;
}

function decodeFragment(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

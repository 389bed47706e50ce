/** @module */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

/** The origins that the page's policy didn't let it ask, such as a document's host. */
export function BlockedHosts(): JSX.Element | null {
	const [origins, setOrigins] = useState<readonly string[]>([]);
	useEffect(() => {
		const add = ({ blockedURI }: SecurityPolicyViolationEvent): void => {
			if (!URL.canParse(blockedURI)) return;
			setOrigins((known) => [...new Set([...known, new URL(blockedURI).origin])]);
		};
		document.addEventListener("securitypolicyviolation", add);
		return () => document.removeEventListener("securitypolicyviolation", add);
	}, []);
	if (origins.length === 0) return null;
	return (
		<p class="aside">
			This page may not ask {origins.join(", ")}. The option --connect allows it; on a static host, reload the page and
			enter it beside the node.
		</p>
	);
}

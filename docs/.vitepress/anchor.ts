/**
 * The anchors of headings, as GitHub generates them. The docs site uses the same ones.
 * @module
 */

/** The anchor of a heading. */
export function toAnchor(heading: string): string {
	return heading
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, "")
		.replaceAll(" ", "-");
}

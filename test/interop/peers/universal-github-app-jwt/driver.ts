/**
 * universal-github-app-jwt, which Octokit makes its apps' tokens with. It mints only.
 * @module
 */
import githubAppJwt from "universal-github-app-jwt";
import { servePeer } from "../node/serve-peer.ts";

await servePeer({
	packageName: "universal-github-app-jwt",
	mint({ read }) {
		const privateKey = read("private.pem");
		return async ({ iss }) => (await githubAppJwt({ id: iss as number | string, privateKey })).token;
	},
});

/**
 * Policies that count what they are asked, which explanations must not be.
 * @module
 */
import type { Policy } from "./policy.js";

const counting = new WeakSet<Policy>();

/** Marks a policy that counts, and those that are made of such policies. */
export function markCounting<P extends Policy>(policy: P, parts?: readonly Policy[]): P {
	if (parts === undefined || parts.some((part) => counting.has(part))) counting.add(policy);
	return policy;
}

export function isCounting(policy: Policy): boolean {
	return counting.has(policy);
}

/**
 * Parameters of Solidity's contract ABI.
 * @module
 */

/** A parameter in the form of a JSON ABI. */
export interface AbiParameter {
	readonly name?: string | undefined;
	/** `tuple` with an array's brackets for structs; their members are in `components`. */
	readonly type: string;
	readonly indexed?: boolean | undefined;
	readonly components?: readonly AbiParameter[] | undefined;
}

/** What a type is made of. */
export type TypeParts =
	| { readonly kind: "array"; readonly element: AbiParameter; readonly length: number | undefined }
	| { readonly kind: "struct"; readonly members: readonly AbiParameter[] }
	| { readonly kind: "value"; readonly type: string; readonly size: number };

const ARRAY = /^(.+)\[(\d*)\]$/;
const VALUE = /^(?:(?:bool|address|string|bytes)|(u?int|bytes)([1-9]\d{0,2}))$/;

/** Takes a type apart. The size of a value is in bits for numbers, in bytes for `bytes1` to `bytes32`. */
export function partsOf({ type, components }: AbiParameter): TypeParts {
	const [, element, length] = ARRAY.exec(type) ?? [];
	if (element !== undefined) {
		return { kind: "array", element: { type: element, components }, length: length ? Number(length) : undefined };
	}
	if (type === "tuple") return { kind: "struct", members: components ?? [] };
	const [name, base, digits] = VALUE.exec(type === "uint" || type === "int" ? `${type}256` : type) ?? [];
	const size = Number(digits ?? 0);
	const isValid = base === "bytes" ? size <= 32 : size <= 256 && size % 8 === 0;
	if (name === undefined || !isValid) throw new TypeError(`the type ${type} isn't supported in an ABI`);
	return { kind: "value", type: name, size };
}

/** The type in a signature, such as `(bytes32,string)[]`. */
export function signatureType(parameter: AbiParameter): string {
	const parts = partsOf(parameter);
	if (parts.kind === "array") return `${signatureType(parts.element)}[${parts.length ?? ""}]`;
	return parts.kind === "struct" ? `(${parts.members.map(signatureType).join()})` : parts.type;
}

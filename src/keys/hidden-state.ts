/**
 * The hidden state of key objects. Secrets are kept in a WeakMap, not on the objects, so that printing, serializing,
 * spreading or cloning a key reveals nothing.
 * @module
 */

/** The argument that key constructors require: TypeScript's `private` doesn't exist at run time. */
const GUARD: unique symbol = Symbol("orgpass.key");

/** The method that node:util calls to print an object. */
const INSPECT: symbol = Symbol.for("nodejs.util.inspect.custom");

/** The base of the key classes: printed and serialized as a label. */
export abstract class OpaqueKey {
	static {
		Object.defineProperty(OpaqueKey.prototype, INSPECT, {
			value(this: OpaqueKey) {
				return this.toString();
			},
		});
	}

	constructor(guard: unknown) {
		if (guard === GUARD) return;
		throw new TypeError(
			`${new.target.name} has no public constructor: use generateKeyPair, importPrivateKey or importPublicKey`,
		);
	}

	/** Returns the same label as `toString`; only `exportPrivateKey` and `exportPublicKey` serialize keys. */
	toJSON(): string {
		return this.toString();
	}
}

/** The hidden state of the keys of one class. */
export class HiddenState<Key extends OpaqueKey, State> {
	readonly #states = new WeakMap<object, State>();
	readonly #name: string;

	constructor(name: string) {
		this.#name = name;
	}

	/** Creates a key of the class, which sets its own state. */
	create(keyClass: { readonly prototype: Key }, state: State): Key {
		return Reflect.construct(keyClass as unknown as new () => Key, [GUARD, state]);
	}

	set(key: Key, state: State): void {
		this.#states.set(key, state);
	}

	/** Checks whether a value is a key that this copy of the package created. */
	has(value: unknown): value is Key {
		return this.#states.has(value as object);
	}

	/** Returns the key's state, which must not be changed or exposed. */
	get(key: Key): State {
		const state = this.#states.get(key);
		if (state !== undefined) return state;
		throw new TypeError(`the key must be a ${this.#name}: see importPrivateKey and importPublicKey`);
	}
}

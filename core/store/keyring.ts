import {
	createCipheriv,
	createDecipheriv,
	createHmac,
	createSecretKey,
	hkdfSync,
	timingSafeEqual,
	type KeyObject,
} from 'node:crypto';
import { CivicError } from '../errors';
import type { Random } from '../world';

/** The four secrets a store needs, 32 bytes each. They live outside the database. */
export interface KeyMaterial {
	/** Wraps person keys and seals the store's own confidential columns. */
	wrapping: Buffer;
	/** Keys the hashes by which people are looked up. */
	lookup: Buffer;
	/** Seals rules, decisions, grants and opt-outs against edits in the database. */
	mac: Buffer;
	/** Ed25519 seed of the ledger's signing key. */
	ledger: Buffer;
}

export type LookupKind = 'person' | 'message' | 'link' | 'email' | 'event' | 'content' | 'purpose' | 'code';

const nonceBytes = 12;
const tagBytes = 16;

/** The store's keys at work. Sealed values are `nonce (12) || ciphertext || tag (16)`, AES-256-GCM. */
export class Keyring {
	readonly #derived = new Map<string, KeyObject>();
	/** Truly private: whoever prints an object that holds a keyring must not print keys. */
	readonly #material: KeyMaterial;
	readonly #random: Random;

	constructor(material: KeyMaterial, random: Random) {
		this.#material = material;
		this.#random = random;
	}

	/** Tells whether these are, all four, the keys a store was made with. Says nothing about them. */
	keyCheck(parts: readonly string[]): string {
		const use = 'key-check';
		const proofs = (['wrapping', 'lookup', 'mac', 'ledger'] as const).map((secret) =>
			createHmac('sha256', this.#derive(secret, use)).update(use).digest('hex'),
		);
		return this.mac('store-identity', [...parts, ...proofs]);
	}

	/** A stable, unguessable stand-in for a value, as 64 hex digits. */
	lookup(kind: LookupKind, value: string): string {
		return createHmac('sha256', this.#derive('lookup', kind)).update(value, 'utf8').digest('hex');
	}

	/** Seals facts against edits. `parts` are length-prefixed, so no two lists give the same seal. */
	mac(kind: string, parts: ReadonlyArray<string | number | null>): string {
		const hmac = createHmac('sha256', this.#derive('mac', kind));
		for (const part of parts) {
			const bytes = Buffer.from(part === null ? '' : String(part), 'utf8');
			hmac.update(`${part === null ? '-' : bytes.length}:`).update(bytes);
		}
		return hmac.digest('hex');
	}

	/** @throws CivicError store.tampered, naming what does not match. */
	checkMac(kind: string, parts: ReadonlyArray<string | number | null>, mac: string, what: string): void {
		const expected = Buffer.from(this.mac(kind, parts), 'hex');
		const given = Buffer.from(mac, 'hex');
		if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
			throw new CivicError(
				'store.tampered',
				`The stored ${what} does not match its seal, so it is not used.`,
				'Somebody or something changed the database by hand. Tell whoever looks after the installation, and verify the ledger.',
			);
		}
	}

	/** Seals a confidential column of the store itself. `place` (table and row) is authenticated. */
	seal(place: string, plain: string | Buffer): Buffer {
		return sealWith(this.#derive('wrapping', 'store'), place, plain, this.#random);
	}

	open(place: string, sealed: Uint8Array): Buffer {
		return openWith(this.#derive('wrapping', 'store'), place, sealed);
	}

	/** A fresh person key and its wrapped form. */
	newPersonKey(subject: string): { key: KeyObject; wrapped: Buffer } {
		const raw = this.#random.bytes(32);
		const wrapped = sealWith(this.#derive('wrapping', 'person'), subject, raw, this.#random);
		return { key: createSecretKey(raw), wrapped };
	}

	unwrapPersonKey(subject: string, wrapped: Uint8Array): KeyObject {
		return createSecretKey(openWith(this.#derive('wrapping', 'person'), subject, wrapped));
	}

	sealFor(personKey: KeyObject, place: string, plain: string | Buffer): Buffer {
		return sealWith(personKey, place, plain, this.#random);
	}

	openFor(personKey: KeyObject, place: string, sealed: Uint8Array): Buffer {
		return openWith(personKey, place, sealed);
	}

	ledgerSeed(): Buffer {
		return this.#material.ledger;
	}

	/** Each use gets its own key, so that a value from one place means nothing in another. */
	#derive(secret: keyof KeyMaterial, use: string): KeyObject {
		const name = `${secret}/${use}`;
		let key = this.#derived.get(name);
		if (key === undefined) {
			const bytes = hkdfSync('sha256', this.#material[secret], Buffer.alloc(0), `civic-comms/v1/${name}`, 32);
			key = createSecretKey(Buffer.from(bytes));
			this.#derived.set(name, key);
		}
		return key;
	}
}

function sealWith(key: KeyObject, place: string, plain: string | Buffer, random: Random): Buffer {
	const nonce = random.bytes(nonceBytes);
	const cipher = createCipheriv('aes-256-gcm', key, nonce);
	cipher.setAAD(Buffer.from(place, 'utf8'));
	const body = Buffer.concat([typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain), cipher.final()]);
	return Buffer.concat([nonce, body, cipher.getAuthTag()]);
}

function openWith(key: KeyObject, place: string, sealed: Uint8Array): Buffer {
	const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
	if (bytes.length < nonceBytes + tagBytes) throw unreadable(place);
	const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes));
	decipher.setAAD(Buffer.from(place, 'utf8'));
	decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
	try {
		return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, bytes.length - tagBytes)), decipher.final()]);
	} catch (cause) {
		throw unreadable(place, cause);
	}
}

function unreadable(place: string, cause?: unknown): CivicError {
	return new CivicError(
		'store.tampered',
		`A sealed value (${place}) cannot be opened with the keys of this store.`,
		'Either the row was changed by hand or the key file belongs to another store. Restore the matching pair from one backup.',
		{ cause },
	);
}

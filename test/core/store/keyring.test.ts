import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCivicError } from '../../../core/errors';
import { Keyring, type KeyMaterial, type LookupKind } from '../../../core/store/keyring';
import { systemRandom } from '../../../core/world';
import { flipBit, seededRandom } from '../ledger/fixtures';

function material(seed: string): KeyMaterial {
	const random = seededRandom(seed);
	return { wrapping: random.bytes(32), lookup: random.bytes(32), mac: random.bytes(32), ledger: random.bytes(32) };
}

const keys = new Keyring(material('a'), systemRandom);
const others = new Keyring(material('b'), systemRandom);

describe('looking people up', () => {
	it('gives the same stand-in for the same value, and another one for another kind or another store', () => {
		const kinds: LookupKind[] = ['person', 'message', 'link', 'email', 'event'];
		const all = [keys, others].flatMap((ring) => kinds.map((kind) => ring.lookup(kind, '+447700900123')));
		expect(new Set(all).size).toBe(10);
		expect(keys.lookup('person', '+447700900123')).toBe(all[0]);
		expect(all[0]).toMatch(/^[0-9a-f]{64}$/);
	});
});

describe('a seal against edits', () => {
	const part = fc.oneof(fc.string(), fc.integer(), fc.constant(null));

	it('differs for any two lists that read differently', () => {
		const written = (parts: Array<string | number | null>) => JSON.stringify(parts.map((of) => (of === null ? null : String(of))));
		fc.assert(
			fc.property(fc.array(part), fc.array(part), (a, b) => {
				expect(keys.mac('grant', a) === keys.mac('grant', b)).toBe(written(a) === written(b));
			}),
		);
	});

	it.each([
		[['ab', 'c'], ['a', 'bc']],
		[['a', ''], ['a']],
		[[null], ['']],
		[['-:'], [null, '']],
		[['1:a'], ['1', 'a']],
	])('keeps %j and %j apart', (a, b) => {
		expect(keys.mac('grant', a)).not.toBe(keys.mac('grant', b));
	});

	it('means nothing for another kind of row or under the keys of another store', () => {
		const mac = keys.mac('grant', ['1']);
		expect(() => keys.checkMac('grant', ['1'], mac, 'grant 1')).not.toThrow();
		expect(() => keys.checkMac('decision', ['1'], mac, 'decision 1')).toThrow(/decision 1 does not match its seal/);
		expect(() => others.checkMac('grant', ['1'], mac, 'grant 1')).toThrow(/does not match its seal/);
		expect(() => keys.checkMac('grant', ['1'], '', 'grant 1')).toThrow(/does not match its seal/);
		expect(() => keys.checkMac('grant', ['1'], 'not hex at all', 'grant 1')).toThrow(/does not match its seal/);
	});
});

describe('a sealed value', () => {
	it('opens in its own place and in no other', () => {
		const sealed = keys.seal('channel/1/rules', 'twelve approvers');
		expect(keys.open('channel/1/rules', sealed).toString()).toBe('twelve approvers');
		for (const place of ['channel/2/rules', 'channel/1/secrets', '', 'channel/1/rules ']) expect(() => keys.open(place, sealed)).toThrow(/cannot be opened/);
		expect(() => others.open('channel/1/rules', sealed)).toThrow(/cannot be opened/);
	});

	it('opens only whole: no flipped bit, no missing or added byte gets through', () => {
		const sealed = keys.seal('place', 'a value');
		for (let bit = 0; bit < sealed.length * 8; bit++) expect(() => keys.open('place', flipBit(sealed, bit))).toThrow(/cannot be opened/);
		for (let length = 0; length < sealed.length; length++) expect(() => keys.open('place', sealed.subarray(0, length))).toThrow(/cannot be opened/);
		expect(() => keys.open('place', Buffer.concat([sealed, Buffer.alloc(1)]))).toThrow(/cannot be opened/);
	});

	it('is never the same twice, holds any bytes, and opens as the database hands it over', () => {
		expect(keys.seal('p', 'x').equals(keys.seal('p', 'x'))).toBe(false);
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
				const sealed = new Uint8Array(keys.seal('p', Buffer.from(bytes)));
				expect(keys.open('p', sealed).equals(Buffer.from(bytes))).toBe(true);
			}),
		);
	});

	it('says which place cannot be opened, with a code and a way on', () => {
		try {
			keys.open('contact/7', Buffer.alloc(40));
			expect.unreachable();
		} catch (thrown) {
			expect(isCivicError(thrown) && thrown).toMatchObject({ code: 'store.tampered', message: expect.stringContaining('contact/7') as string });
		}
	});
});

describe('a person key', () => {
	it('is wrapped for its subject alone and opens what it sealed', () => {
		const { key, wrapped } = keys.newPersonKey('contact-1');
		const sealed = keys.sealFor(key, 'contact/1', 'Resident 1');
		expect(keys.openFor(keys.unwrapPersonKey('contact-1', wrapped), 'contact/1', sealed).toString()).toBe('Resident 1');
		expect(() => keys.unwrapPersonKey('contact-2', wrapped)).toThrow(/cannot be opened/);
		expect(() => others.unwrapPersonKey('contact-1', wrapped)).toThrow(/cannot be opened/);
		expect(() => keys.openFor(keys.newPersonKey('contact-1').key, 'contact/1', sealed)).toThrow(/cannot be opened/);
	});

	it('cannot be taken for a column of the store itself', () => {
		const { wrapped } = keys.newPersonKey('contact-1');
		expect(() => keys.open('contact-1', wrapped)).toThrow(/cannot be opened/);
	});
});

describe('the secrets', () => {
	const held = material('a');

	it('differ by use: none of the derived keys is a secret itself or another use of it', () => {
		const one: KeyMaterial = { wrapping: held.mac, lookup: held.mac, mac: held.mac, ledger: held.mac };
		const ring = new Keyring(one, systemRandom);
		const seen = [ring.lookup('person', 'x'), ring.lookup('message', 'x'), ring.mac('person', ['x']), ring.mac('x', [])];
		expect(new Set(seen).size).toBe(seen.length);
	});

	it('do not show when the keyring is printed, serialised or quoted in a refusal', () => {
		keys.lookup('person', 'x');
		const texts = [inspect(keys, { depth: 9, showHidden: true }), JSON.stringify(keys), String(keys)];
		try {
			keys.open('place', Buffer.alloc(60));
		} catch (thrown) {
			texts.push(inspect(thrown, { depth: 9 }));
		}
		expect(texts).toHaveLength(4);
		for (const secret of Object.values(held)) {
			for (const text of texts) {
				expect(text).not.toContain(secret.toString('hex'));
				expect(text).not.toContain(secret.toString('base64'));
				expect(text).not.toContain((inspect(secret).match(/(?:[0-9a-f]{2} ){8}/) ?? ['?'])[0]);
				expect(text).not.toContain(secret.toJSON().data.join(','));
			}
		}
	});
});

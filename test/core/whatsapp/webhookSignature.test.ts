import { createHmac } from 'node:crypto';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { verifyHandshake, verifySignature } from '../../../core/whatsapp/webhookSignature';

const secret = 'sim_app_secret';
const vectors: Array<[body: string, length: number, header: string]> = [
	['{"object":"whatsapp_business_account","entry":[]}', 49, 'sha256=bc905fee67e86250e46ead4d1b193c97047125f2d02654205c854126a661a243'],
	["{\"text\":\"Ffyrdd wedi'u graeanu \u2013 gofal\"}", 42, 'sha256=e6948b0ec4e015617e9d6fc92732c61d8261fcc3ae82f44a79643f2cd8875b85'],
	["{\"text\":\"Ffyrdd wedi'u graeanu \\u2013 gofal\"}", 45, 'sha256=b0a388b490dca8642a005a90ba5b5011e3312619047a1b5eafaa574b2b856c99'],
];

describe('the signature of a webhook', () => {
	it.each(vectors)('matches the known one for %s', (body, length, header) => {
		const bytes = Buffer.from(body, 'utf8');
		expect(bytes).toHaveLength(length);
		expect(verifySignature(bytes, header, [secret])).toBe(0);
	});

	it('names the secret that signed, while two are in use', () => {
		const [body, , header] = vectors[0] ?? expect.unreachable();
		expect(verifySignature(Buffer.from(body), header, ['old', secret])).toBe(1);
		expect(verifySignature(Buffer.from(body), header, ['old', 'older'])).toBeUndefined();
		expect(verifySignature(Buffer.from(body), header, [])).toBeUndefined();
	});

	it('never matches over an empty secret, which anybody could use', () => {
		const header = `sha256=${createHmac('sha256', '').update('{}').digest('hex')}`;
		expect(verifySignature(Buffer.from('{}'), header, ['', secret])).toBeUndefined();
	});

	it.each([undefined, '', 'sha256=', 'sha1=abc', `sha256=${'0'.repeat(64)}`, `sha256=${'0'.repeat(63)}`, `sha256=${'z'.repeat(64)}`])('does not match when the header is %j', (header) => {
		expect(verifySignature(Buffer.from('{}'), header, [secret])).toBeUndefined();
	});

	it('does not match once a single bit of body or header differs', () => {
		const [body, , header] = vectors[0] ?? expect.unreachable();
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 48 }), fc.integer({ min: 0, max: 7 }), fc.integer({ min: 7, max: 70 }), (at, bit, digit) => {
				const bytes = Buffer.from(body);
				bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
				expect(verifySignature(bytes, header, [secret])).toBeUndefined();
				const wrong = `${header.slice(0, digit)}${header[digit] === '0' ? '1' : '0'}${header.slice(digit + 1)}`;
				expect(verifySignature(Buffer.from(body), wrong, [secret])).toBeUndefined();
			}),
		);
	});
});

describe('the handshake for a webhook address', () => {
	const query = { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': 'aldersea' };

	it('is answered with the challenge when the token is one of ours', () => {
		expect(verifyHandshake(query, ['old', 'aldersea'])).toBe('1158201444');
	});

	it.each([
		[{}, ['aldersea']],
		[query, ['other']],
		[query, []],
		[{ ...query, 'hub.verify_token': '' }, ['']],
		[{ ...query, 'hub.mode': 'unsubscribe' }, ['aldersea']],
		[{ ...query, 'hub.verify_token': ['aldersea'] }, ['aldersea']],
		[{ ...query, 'hub.challenge': '<script>alert(1)</script>' }, ['aldersea']],
		[{ ...query, 'hub.challenge': '1'.repeat(257) }, ['aldersea']],
	])('is refused for %j and tokens %j', (wrong, tokens) => {
		expect(verifyHandshake(wrong, tokens)).toBeUndefined();
	});
});

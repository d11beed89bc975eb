import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isCivicError } from '../../../core/errors';
import { assertGraphAddress } from '../../../core/whatsapp/graphAddress';

describe('the Graph address of a channel', () => {
	it.each([
		['https://graph.facebook.com', 'https://graph.facebook.com'],
		['https://graph.facebook.com/', 'https://graph.facebook.com'],
		['https://GRAPH.facebook.com:443', 'https://graph.facebook.com'],
		['http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
		['http://127.8.9.1:4010/', 'http://127.8.9.1:4010'],
		['https://localhost:4010', 'https://localhost:4010'],
		['http://[::1]:4010', 'http://[::1]:4010'],
		['http://2130706433', 'http://127.0.0.1'],
	])('may be %s', (address, origin) => {
		expect(assertGraphAddress(address)).toBe(origin);
	});

	it.each([
		'',
		'graph.facebook.com',
		'http://graph.facebook.com',
		'https://graph.facebook.com:8443',
		'https://graph.facebook.com.',
		'https://graph.facebook.com.evil.example',
		'https://evil.example',
		'https://evil.example/graph.facebook.com',
		'https://graph.facebook.com@evil.example',
		'https://token@graph.facebook.com',
		'https://graph.facebook.com\\@evil.example',
		'https://graph.facebook.com/v25.0',
		'https://graph.facebook.com/?x=1',
		'https://graph.facebook.com?',
		'https://graph.facebook.com#',
		'https://gr\u0430ph.facebook.com',
		'https://graph\u3002facebook.com\u3002',
		'https://graph.facebook.com\n',
		'https://graph.face\tbook.com',
		'ftp://127.0.0.1',
		'file:///etc/passwd',
		'http://localhost.',
		'http://localhost.evil.example',
		'http://127.0.0.1.evil.example',
		'http://128.0.0.1',
		'http://0.0.0.0',
		'http://192.168.0.4',
		'http://169.254.169.254',
		'http://[::ffff:10.0.0.1]',
		'http://[fe80::1]',
	])('may not be %j', (address) => {
		expect(() => assertGraphAddress(address)).toThrowError(expect.objectContaining({ code: 'channel.address' }));
	});

	it('is one of the two hosts or it is refused, whatever is typed', () => {
		const part = fc.constantFrom('https://', 'http://', 'graph.facebook.com', 'evil.example', '@', ':', '/', '\\', '.', '#', '?', '127.0.0.1', ' ', '%40', '443');
		fc.assert(
			fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
				try {
					const { hostname } = new URL(assertGraphAddress(parts.join('')));
					expect(['graph.facebook.com', '127.0.0.1']).toContain(hostname);
				} catch (refusal) {
					if (!isCivicError(refusal)) throw refusal;
				}
			}),
			{ numRuns: 2000 },
		);
	});
});

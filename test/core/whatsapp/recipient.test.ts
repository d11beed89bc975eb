import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isCivicError } from '../../../core/errors';
import { type MessageContent } from '../../../core/whatsapp/messages/content';
import { isE164 } from '../../../core/whatsapp/phoneNumber';
import { type Recipient, parseRecipient, recipientFields } from '../../../core/whatsapp/recipient';
import { templateMessage } from '../../../core/whatsapp/templateMessage';
import { isUserId, parseUserId } from '../../../core/whatsapp/userId';
import { gritting, grittingValues } from './sampleTemplates';
import { accepted, channelOver } from './sending';

const bodies: string[] = [];
const api = channelOver(async ({ body }) => {
	bodies.push(String(body));
	return await Promise.resolve({ status: 200, headers: {}, text: JSON.stringify(accepted) });
});

/** What people, spreadsheets and webhooks write for a number or a user id. */
const written = fc.oneof(
	fc.constantFrom('447700900123', '07700900123', '+447700900123', '00447700900123', '+44 7700 900123', '7700900123', '+', '', '+0700900123', 'GB.1349', 'GB.', 'gb.1349', 'GB.ENT.1349', 'GB.13-49'),
	fc.stringMatching(/^\+?\d{0,17}$/),
	fc.stringMatching(/^[A-Z]{1,3}\.(ENT\.)?[A-Za-z0-9]{0,140}$/),
	fc.string({ unit: 'binary', maxLength: 20 }),
);

const contents: MessageContent[] = [
	{ type: 'text', body: 'Hello' },
	{ type: 'reaction', messageId: 'wamid.IN', emoji: '👍' },
	{ type: 'location', latitude: 53, longitude: -3 },
	{ type: 'template', name: 'gritting_notice', language: 'en_GB', components: [] },
];

describe('no message leaves without a plus', () => {
	it('whatever stands in the place of a number, by whichever way it is sent', async () => {
		let left = 0;
		await fc.assert(
			fc.asyncProperty(written, fc.constantFrom(...contents, null), async (text, content) => {
				bodies.length = 0;
				const to = text as Recipient;
				const options = { callbackData: 'x' };
				const sending = content === null ? api.sendTemplate({ ...templateMessage('+447700900123' as Recipient, gritting, grittingValues), to }, options) : api.send({ to, content }, options);
				const refused = await sending.then(() => undefined, (reason: unknown) => reason);
				if (refused !== undefined) {
					expect(isCivicError(refused) && refused.code).toBe('phone.invalid');
					expect(bodies).toEqual([]);
					if (text.length > 6) expect(String(refused)).not.toContain(text);
					return;
				}
				left += 1;
				const body = JSON.parse(bodies[0] ?? '') as Record<string, unknown>;
				const addresses = ['to', 'recipient'].filter((name) => Object.hasOwn(body, name));
				expect(addresses).toHaveLength(1);
				if (addresses[0] === 'to') expect(body.to).toMatch(/^\+[1-9]\d{6,14}$/);
				else expect(body.recipient).toMatch(/^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/);
				expect(body[addresses[0] ?? '']).toBe(text);
			}),
			{ numRuns: 600 },
		);
		expect(left).toBeGreaterThan(40);
	});

	it('also from what a webhook wrote without one', () => {
		expect(recipientFields(parseRecipient('+447700900123'))).toEqual({ to: '+447700900123' });
		expect(recipientFields(parseRecipient('07700 900123'))).toEqual({ to: '+447700900123' });
		for (const text of ['447700900123', 'nobody']) {
			const read = (() => {
				try {
					return parseRecipient(text);
				} catch {
					return undefined;
				}
			})();
			if (read !== undefined) expect(isE164(read)).toBe(true);
		}
	});
});

describe('a user id', () => {
	it.each(['GB.1', `GB.${'a'.repeat(128)}`, 'IE.1349AbcXYZ', 'GB.ENT.1349', `GB.ENT.${'9'.repeat(128)}`])('is %s', (id) => {
		expect(isUserId(id)).toBe(true);
		expect(parseUserId(`  ${id}\n`)).toBe(id);
		expect(recipientFields(parseRecipient(id))).toEqual({ recipient: id });
	});

	it.each(['', 'GB', 'GB.', 'gb.1349', 'GBR.1349', `GB.${'a'.repeat(129)}`, 'GB.13 49', 'GB.13-49', 'GB.ENT.', 'GB.ENT.1.2', '1349', '+447700900123', 'GB.1349\n'])('is not %j', (id) => {
		expect(isUserId(id)).toBe(false);
		if (id.trim() !== id) return;
		expect(() => parseUserId(id)).toThrowError(expect.objectContaining({ code: 'input.invalid' }));
	});

	it('is never shown when it is refused', () => {
		expect(() => parseUserId('GB.1349-secret')).toThrowError(expect.objectContaining({ message: expect.not.stringContaining('secret') as string, hint: expect.not.stringContaining('secret') as string }));
	});
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { TransportFault, type FaultReason } from '../../../core/whatsapp/connection';
import { parsePhoneNumber } from '../../../core/whatsapp/phoneNumber';
import type { SendOutcome } from '../../../core/whatsapp/sendOutcome';
import { channelOver } from './sending';

const message = { to: parsePhoneNumber('07700 900123').number, content: { type: 'text' as const, body: 'Hello' } };

async function outcomeOf(status: number, text: string, headers: Record<string, string> = {}): Promise<SendOutcome> {
	return await channelOver(async () => await Promise.resolve({ status, headers, text })).send(message, { callbackData: 'delivery 7' });
}

/** Anything that JSON can say, with Graph's own words thick in it. */
const graphWord = fc.constantFrom('messages', 'error', 'id', 'code', 'message', 'error_data', 'details', 'message_status', 'contacts', 'error_subcode', '__proto__', 'constructor', 'length', 'toString');
const value = fc.letrec((tie) => ({
	any: fc.oneof(
		{ maxDepth: 5, withCrossShrink: true },
		fc.constantFrom(null, true, false, 0, -1, 190, 131000, 131026, 777_777, 1.5, 1e300, '', ' ', '190', '0x10', 'wamid.HBgM', 'accepted'),
		fc.string({ unit: 'binary', maxLength: 20 }),
		tie('list'),
		tie('object'),
	),
	list: fc.array(tie('any'), { maxLength: 3 }),
	object: fc.dictionary(fc.oneof(graphWord, fc.string({ maxLength: 5 })), tie('any'), { maxKeys: 4 }),
})).any;

const acceptedText = JSON.stringify({ messaging_product: 'whatsapp', contacts: [{ input: '+447700900123', wa_id: '447700900123' }], messages: [{ id: 'wamid.HBgM' }] });
const refusedText = JSON.stringify({ error: { message: '(#131026) Message undeliverable', code: 131026, error_data: { details: 'Message undeliverable.' } } });

const body = fc.oneof(
	value.map((any) => JSON.stringify(any)),
	fc.record({ messages: value, error: value }).map((any) => JSON.stringify(any)),
	fc.record({ messages: fc.array(fc.record({ id: value, message_status: value }), { maxLength: 2 }) }).map((any) => JSON.stringify(any)),
	fc.record({ error: fc.record({ code: value, message: value, error_data: value, error_subcode: value }) }).map((any) => JSON.stringify(any)),
	fc.tuple(fc.constantFrom(acceptedText, refusedText), fc.nat()).map(([text, at]) => text.slice(0, at % (text.length + 1))),
	fc.constantFrom(acceptedText, refusedText),
	fc.constantFrom('', ' ', 'null', '[]', '""', '<!DOCTYPE html><title>502</title>', '\ufeff{}', '{"error":{"code":131026}}{"messages":[{"id":"x"}]}', 'ok', '\u0000'),
	fc.string({ unit: 'binary' }),
);
const status = fc.oneof(fc.constantFrom(200, 201, 202, 204, 206, 301, 302, 304, 400, 401, 403, 404, 408, 413, 429, 500, 502, 503, 504), fc.integer({ min: 100, max: 999 }));
const header = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom('0', '-1', '120', '1e9', 'Fri, 20 Nov 2026 18:00:00 GMT', '{"1022":[{"estimated_time_to_regain_access":7}]}', '{"1022":null}', '[]'));
const headers = fc.dictionary(fc.constantFrom('date', 'retry-after', 'x-business-use-case-usage', 'content-type'), header);

/** What a body proves, worked out anew: whether it is an object that names an id, a refusal with a code, or both. */
function proofIn(text: string) {
	let read: unknown;
	try {
		read = JSON.parse(text);
	} catch {
		return { id: undefined, code: undefined, both: false };
	}
	const at = (from: unknown, name: string): unknown => (typeof from === 'object' && from !== null && Object.hasOwn(from, name) ? (from as Record<string, unknown>)[name] : undefined);
	if (Array.isArray(read)) return { id: undefined, code: undefined, both: false };
	const list = at(read, 'messages');
	const first: unknown = Array.isArray(list) ? list.find((entry) => typeof entry === 'object' && entry !== null && !Array.isArray(entry)) : undefined;
	const id = at(first, 'id');
	const error = at(read, 'error');
	const refused = typeof error === 'object' && error !== null && !Array.isArray(error);
	const given = refused ? at(error, 'code') : undefined;
	const code = typeof given === 'number' || (typeof given === 'string' && given.trim() !== '') ? Number(given) : Number.NaN;
	const accepted = list !== undefined || at(read, 'contacts') !== undefined;
	return { id: typeof id === 'string' && id.trim() !== '' && !refused ? id.trim() : undefined, code: Number.isSafeInteger(code) ? code : undefined, both: refused && accepted };
}

describe('whatever is answered to a message', () => {
	it('is accepted only by a 2xx with a message id, and not sent only by Graph’s own refusal; all else is uncertain', async () => {
		const seen = { accepted: 0, notSent: 0, uncertain: 0 };
		await fc.assert(
			fc.asyncProperty(status, body, headers, async (code, text, given) => {
				const outcome = await outcomeOf(code, text, given);
				seen[outcome.outcome] += 1;
				const proof = proofIn(text);
				const takes = code >= 200 && code < 300 && proof.id !== undefined;
				if (outcome.outcome === 'accepted') {
					expect(takes).toBe(true);
					expect(outcome.messageId).toBe(proof.id);
				} else expect(takes).toBe(false);
				if (outcome.outcome === 'notSent') {
					expect(code).toBeGreaterThanOrEqual(400);
					expect(proof).toMatchObject({ code: outcome.refusal.code, both: false });
				}
				if (outcome.outcome === 'uncertain') expect(outcome.reason).toMatch(/may have been sent|does not show whether/);
				if (outcome.serverDate !== undefined) expect(Number.isFinite(outcome.serverDate)).toBe(true);
				if (outcome.outcome === 'notSent' && outcome.refusal.retryAfterMs !== undefined) expect(outcome.refusal.retryAfterMs).toBeGreaterThanOrEqual(0);
			}),
			{ numRuns: 3000 },
		);
		for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
	});

	it('is not sent when Graph refuses with a known code in a 4xx or 5xx, whatever else it says', async () => {
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(400, 403, 429, 500, 503), fc.constantFrom(131026, 130429, 190, 131000), value, async (code, refusal, extra) => {
				const text = JSON.stringify({ error: { message: extra, error_data: extra, fbtrace_id: extra, code: refusal } });
				expect(await outcomeOf(code, text)).toMatchObject({ outcome: 'notSent', refusal: { code: refusal } });
			}),
			{ numRuns: 200 },
		);
	});

	it.each<[number, string]>([
		[200, '{"error":{"code":131026},"messages":[{"id":"wamid.HBgM"}]}'],
		[400, '{"error":{"code":131026},"messages":[{"id":"wamid.HBgM"}]}'],
		[400, '{"error":{"code":131026},"messages":"wamid.HBgM"}'],
		[400, '{"error":{"code":131026},"contacts":[{"wa_id":"447700900123"}]}'],
		[500, '{"error":[{"code":131026}]}'],
		[200, '{"messages":[["wamid.HBgM"]]}'],
		[200, '{"messages":{"id":"wamid.HBgM"}}'],
		[200, '{"messages":[{"id":["wamid.HBgM"]}]}'],
		[200, '{"messages":[{"id":17}]}'],
		[200, '{"messages":[{"id":"  "}]}'],
		[300, acceptedText],
		[404, acceptedText],
		[500, acceptedText],
		[204, ''],
	])('is uncertain where it contradicts itself or stops short: %i %s', async (code, text) => {
		expect((await outcomeOf(code, text)).outcome).toBe('uncertain');
	});

	it('shows neither a token nor a number, however they are hidden in it', async () => {
		const secret = ['EAAtestEAAtestEAAtestEAAtestEAAtestEAAtest', '+44 7700 900123', '447700900123'];
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(400, 401, 500), fc.constantFrom(...secret), fc.string({ maxLength: 10 }), async (code, hidden, around) => {
				const words = `${around.replace(/[0-9A-Za-z]/g, '')} ${hidden} ${around}`;
				const text = JSON.stringify({ error: { message: words, code: 190, error_data: { details: words } } });
				expect(JSON.stringify(await outcomeOf(code, text))).not.toMatch(/EAAtest|7700/);
			}),
			{ numRuns: 200 },
		);
	});
});

describe('a lost answer', () => {
	it.each<[FaultReason, boolean, SendOutcome['outcome']]>([
		['unreachable', false, 'notSent'],
		['timeout', false, 'notSent'],
		['aborted', false, 'notSent'],
		['interrupted', false, 'notSent'],
		['unreachable', true, 'uncertain'],
		['timeout', true, 'uncertain'],
		['aborted', true, 'uncertain'],
		['interrupted', true, 'uncertain'],
	])('%s, with bytes that may have left: %s, is %s', async (reason, mayHaveBeenSent, outcome) => {
		const api = channelOver(async () => await Promise.reject(new TransportFault(reason, mayHaveBeenSent)));
		expect((await api.send(message, { callbackData: 'x' })).outcome).toBe(outcome);
	});

	it('is never mistaken for a fault of ours', async () => {
		const api = channelOver(async () => await Promise.reject(new RangeError('ours')));
		await expect(api.send(message, { callbackData: 'x' })).rejects.toThrow('ours');
	});
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isOptIn, isOptOut, normaliseReply } from '../../../core/whatsapp/optOutWords';

describe('a reply', () => {
	it.each([
		'STOP', 'stop', 'Stop.', ' stop!! ', '“STOP”', 'STOP 🛑', 'Stop, please', 'please stop', 'Please STOP now, thanks', 'stop stop STOP', 'S.T.O.P.', 'ＳＴＯＰ', 'st\u200bop', 'STOP\n',
		'Stop these', 'stop these messages please', 'STOP ALL', 'stopall', 'Unsubscribe', 'please unsubscribe me', 'opt-out', 'Opt out', 'Hi, could you stop messaging me please? Thank you!',
		'Don’t message me', "don't message me", 'Remove me from this list', 'no more messages',
		'STOPIO', 'Stopiwch', 'stopiwch os gwelwch yn dda', 'DAD-DANYSGRIFIO', 'Dad danysgrifio', 'Dim mwy o negeseuon, diolch', 'Peidiwch â chysylltu â mi',
	])('%j asks for no more messages', (reply) => {
		expect(isOptOut(reply)).toBe(true);
		expect(isOptIn(reply)).toBe(false);
	});

	it.each([
		'', '   ', '🙂', "please don't stop the gritting", 'Please don’t stop', 'do not stop', 'nonstop', 'The bus stop is icy', 'when does it stop?', 'bus stop', 'cancel', 'end', 'quit', 'no', 'please',
		'thanks', 'stop by the library', 'is there a stop on Harbour Road', 'Can you stop the flooding on my road', 'start', 'constructor', `stop ${'please '.repeat(60)}`,
	])('%j does not', (reply) => {
		expect(isOptOut(reply)).toBe(false);
	});

	it.each(['START', 'start please', 'Join', 'JOIN!', 'Subscribe', 'opt-in', 'DECHRAU', 'Ymuno os gwelwch yn dda', 'tanysgrifio'])('%j asks for messages', (reply) => {
		expect(isOptIn(reply)).toBe(true);
		expect(isOptOut(reply)).toBe(false);
	});

	it('never asks for both, whatever it is', () => {
		const words = fc.array(fc.constantFrom('stop', 'start', 'please', 'join', 'thanks', 'me', 'these', 'stopio', 'dechrau', 'now', '!', 'all'), { maxLength: 6 });
		fc.assert(
			fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), words.map((list) => list.join(' '))), (reply) => {
				expect(isOptOut(reply) && isOptIn(reply)).toBe(false);
			}),
		);
	});

	it('has a normal form, which is its own normal form', () => {
		expect(normaliseReply(' Plîs,  STOP! stop ')).toBe('plis stop');
		expect(normaliseReply('ŉ')).toBe('n');
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), (reply) => {
				expect(normaliseReply(normaliseReply(reply))).toBe(normaliseReply(reply));
			}),
			{ numRuns: 1000 },
		);
	});
});

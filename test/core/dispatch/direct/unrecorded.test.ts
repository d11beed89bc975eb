import { describe, expect, it, onTestFinished } from 'vitest';
import { sendDirect, type DirectReport } from '../../../../core/dispatch/direct';
import { CivicError } from '../../../../core/errors';
import type { Store } from '../../../../core/store/store';
import type { SendOutcome } from '../../../../core/whatsapp/sendOutcome';
import { deskIn, statusBody, webhook } from '../../../council/officeSteps';
import { acts } from '../../../council/tables';
import { phoneOf, startDirectOffice } from './directOffice';

const full = new CivicError('store.unreachable', 'The store could not be opened or written: database or disk is full.', 'Make room on the disk. Nothing was changed by this step; run it again afterwards.');
const accepted: SendOutcome = { outcome: 'accepted', messageId: 'wamid.out' };
const uncertain: SendOutcome = { outcome: 'uncertain', reason: 'No answer came in time; the message may have been sent.' };
const notSent: SendOutcome = { outcome: 'notSent', refusal: { code: 131000, title: 'x', action: 'retry', explain: 'Meta is busy.', goOn: 'Try later.' } };

/** Sends one reply while writing its outcome goes wrong in the way that is given. */
async function sendWhile(outcome: SendOutcome, write: (attempt: number, run: () => Promise<unknown>) => Promise<unknown>) {
	const direct = await startDirectOffice();
	onTestFinished(() => direct.office.stop());
	const event = await direct.writes(0);
	direct.answer.with = () => outcome;
	const sender = await direct.sender();
	let attempts = 0;
	const store: Store = {
		execute: (command, input) => {
			const run = () => direct.office.store.execute(command, input);
			return command.name === 'direct.record' ? (write((attempts += 1), run) as never) : run();
		},
		close: () => direct.office.store.close(),
	};
	const report: DirectReport = await sendDirect({ ...sender, store }, { to: { by: 'event', value: event }, content: { type: 'text', body: 'It is, from 18:00.' }, answers: null });
	return { direct, report, attempts };
}

describe('what came of a message to one person', () => {
	it('is written at the second try, and then nothing is said of the first', async () => {
		const { direct, report, attempts } = await sendWhile(accepted, (attempt, run) => (attempt === 1 ? Promise.reject(full) : run()));
		expect([report.outcome, attempts, report.recorded, report.howToGoOn]).toEqual(['accepted', 2, undefined, undefined]);
		expect(await direct.rows('SELECT state FROM direct_message')).toEqual([{ state: 'accepted' }]);
	});

	it('is entered once, also when the first try was written and only its answer was lost', async () => {
		const { direct } = await sendWhile(accepted, async (attempt, run) => {
			await run();
			if (attempt === 1) throw full;
		});
		expect((await acts(direct.office.store)).filter((act) => act === 'direct.send')).toHaveLength(1);
	});

	it.each([
		['accepted', accepted, /WhatsApp took the message/],
		['uncertain', uncertain, /may have been sent/],
	])('comes out as a result when it cannot be written and Meta may have taken it (%s): nothing suggests to run again', async (outcome, answer, words) => {
		const { direct, report, attempts } = await sendWhile(answer, () => Promise.reject(full));
		expect(attempts).toBe(2);
		expect(report).toMatchObject({ outcome, recorded: false, explain: expect.stringMatching(words) as string, howToGoOn: expect.stringMatching(/^Do not send it again/) as string });
		expect(report.explain).toContain('disk is full');
		expect(JSON.stringify(report)).not.toMatch(/run it again|try (it )?again/i);
		// Until a status or the next look settles it.
		expect(await direct.rows('SELECT state FROM direct_message')).toEqual([{ state: 'intent' }]);
	});

	it('stays in the store as uncertain, counts towards the limits, and is settled by a status', async () => {
		const { direct, report } = await sendWhile(accepted, () => Promise.reject(full));
		direct.office.clock.advance(11 * 60_000);
		await direct.say({ by: 'address', value: phoneOf(0) }, 'Another');
		expect(await direct.rows("SELECT state, reason FROM direct_message WHERE state <> 'accepted'")).toEqual([{ state: 'uncertain', reason: 'interrupted' }]);
		await webhook(deskIn(direct.office), statusBody(direct.office.settings.id, [{ id: 'wamid.out', status: 'delivered', at: direct.office.clock.now(), callback: report.messageId }]), 'office-app-secret');
		expect(await direct.rows('SELECT DISTINCT state FROM direct_message')).toEqual([{ state: 'accepted' }]);
	});

	it('may be sent again when it certainly did not leave, and that is said', async () => {
		const { report } = await sendWhile(notSent, () => Promise.reject(full));
		expect(report).toMatchObject({ outcome: 'not-sent', recorded: false, code: 131000, explain: expect.stringMatching(/^Meta is busy\./) as string, howToGoOn: expect.stringMatching(/did not leave/) as string });
	});
});

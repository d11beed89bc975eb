import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseChannelSettings } from '../../../core/channel/parseSettings';
import { registerChannel } from '../../../core/channel/registerChannel';
import { readReport } from '../../../core/dispatch/report';
import { openRecipients } from '../../../core/audience/recipients';
import { CivicError } from '../../../core/errors';
import type { Store } from '../../../core/store/store';
import type { CloudApi } from '../../../core/whatsapp/cloudApi';
import { verifyStore } from '../../../core/ledger/verifyStore';
import { channelFields, post, startCouncil, type Council } from '../../council/council';
import { quickKnobs } from '../../council/quickSandbox';
import { acceptedBy, before, fault, sendInStep } from '../../council/sending';
import { changeAndSign } from '../../council/signRules';
import { signedDraft } from '../../council/signed';
import { send } from '../../council/steps';
import { editByHand, rows, within } from '../../council/tables';

const everybody = { audience: { topic: 'Winter roads', areas: null } };

describe('sending while something happens', () => {
	let council: Council;
	beforeEach(async () => {
		council = await startCouncil({ residents: 24, sandbox: { knobs: quickKnobs } });
	});
	afterEach(() => council.stop());

	const report = (draftId: string) => council.store.execute(readReport, { id: draftId });
	const open = (fields: Record<string, unknown>) => council.store.execute(registerChannel, parseChannelSettings(channelFields(council.sandbox, fields)));
	const change = (fields: Record<string, unknown>) => changeAndSign(council.store, parseChannelSettings(channelFields(council.sandbox, fields)));
	const mostOfOne = () => Math.max(0, ...acceptedBy(council).values());

	it('does not start when another credential for the number tightened the rules at that very moment', async () => {
		const { id } = await signedDraft(council, everybody);
		const api: CloudApi = {
			...council.api,
			getTemplate: async (name, language) => {
				await open({ reach: 4000 });
				return council.api.getTemplate(name, language);
			},
		};
		await expect(sendInStep(council, id, { api })).rejects.toMatchObject({ code: 'channel.rules', hint: expect.stringContaining('one credential') as string });
		expect([...acceptedBy(council).keys()]).toEqual([]);
	});

	it('goes on under the rules in force when another credential for the number would loosen them', async () => {
		const { id } = await signedDraft(council, everybody);
		const robin = { name: 'Robin Vale', email: 'robin.vale@aldersea.example', phone: '+44 7700 900999' };
		const api = before(council, 4, async () => {
			const { approver } = channelFields(council.sandbox).approvers as { approver: object[] };
			await open({ approvers: { approver: [...approver, robin] }, reach: 9000 });
		});
		expect(await sendInStep(council, id, { api, perSecond: 80 })).toMatchObject({ state: 'finished', totals: { accepted: 24 } });
		expect(await rows(council.store, 'SELECT state FROM rule_change')).toEqual([{ state: 'pending' }]);
	});

	it('obeys a STOP that comes in the middle, for what is still to go', async () => {
		const { id } = await signedDraft(council, everybody);
		let stop: Promise<void> | undefined;
		const resident = { phone: '' };
		const api = before(council, 4, () => (stop = stopSomebody(resident)));
		// Whoever is claimed is on their way; nobody is claimed while the STOP comes in.
		const store: Store = {
			...council.store,
			execute: async (command, input) => {
				if (command.name === 'broadcast.claim') await stop;
				return council.store.execute(command, input);
			},
		};
		const sent = await sendInStep(council, id, { api, store, perSecond: 4 });
		expect(sent).toMatchObject({ state: 'finished', totals: { accepted: 23, notSent: 1 }, reasons: [{ outcome: 'not-sent', reason: 'opted-out', count: 1 }] });
		expect(acceptedBy(council).has(resident.phone)).toBe(false);
	});

	/** Somebody who is still waiting for the message writes STOP, and the desk has it. */
	async function stopSomebody(resident: { phone: string }): Promise<void> {
		resident.phone = await numberWaiting();
		await post(`${council.sandbox.admin}/inbound`, { from: `+${resident.phone}`, text: 'Stop' });
		await expect.poll(async () => (await rows(council.store, 'SELECT 1 FROM opt_out')).length, { timeout: 10_000 }).toBeGreaterThan(0);
	}

	/** The number, without its plus, of somebody whom no request has gone out for. People stand in no known order. */
	async function numberWaiting(): Promise<string> {
		const [waiting] = await rows<{ contact_id: string }>(council.store, "SELECT contact_id FROM delivery WHERE state = 'pending'");
		const people = await within(council.store, (context) => openRecipients(context, [waiting?.contact_id ?? '']));
		return people.get(waiting?.contact_id ?? '')?.phone?.replace('+', '') ?? '';
	}

	it('names what may have been sent uncertain, never sends it again, and learns from the status what became of it', async () => {
		const slow = { ...quickKnobs, sentLatencyMs: [400, 400] };
		await post(`${council.sandbox.admin}/knobs`, { sentLatencyMs: slow.sentLatencyMs });
		const { id } = await signedDraft(council, everybody);
		await fault(council, { kind: 'reset-after', times: 3 });
		await fault(council, { kind: 'malformed-json', times: 2 });
		await fault(council, { kind: 'delay', ms: 1500, accepted: true, times: 2 });
		await fault(council, { kind: 'html-500', times: 2 });
		await fault(council, { kind: 'reset-before', times: 1 });
		const api = { ...council.api, sendTemplate: (...[message, options]: Parameters<typeof council.api.sendTemplate>) => council.api.sendTemplate(message, { ...options, timeoutMs: 700 }) };
		const sent = await sendInStep(council, id, { api });
		expect(sent.state).toBe('finished');
		expect(sent.totals.uncertain + sent.totals.accepted).toBe(24);
		await expect.poll(async () => (await report(id)).totals.delivered, { timeout: 15_000 }).toBe(21);
		await council.sandbox.idle();
		const after = await report(id);
		// Accepted though the answer was lost: 3 resets, 2 broken answers, 2 timeouts. Never accepted: 2 pages of HTML, 1 reset.
		expect(after.totals).toMatchObject({ recipients: 24, accepted: 21, delivered: 21, uncertain: 3, notSent: 0, pending: 0 });
		expect(await sendInStep(council, id)).toMatchObject({ totals: { uncertain: 3 } });
		expect(mostOfOne()).toBe(1);
		expect(acceptedBy(council).size).toBe(21);
	});

	it('slows down and tries again when WhatsApp says that it is too fast', async () => {
		const { id } = await signedDraft(council, everybody);
		await fault(council, { kind: 'rate-limited', times: 10, retryAfter: 1 });
		const started = council.clock.now();
		expect(await sendInStep(council, id)).toMatchObject({ state: 'finished', totals: { accepted: 24, notSent: 0, uncertain: 0 } });
		expect(council.clock.now() - started).toBeGreaterThan(1500);
		expect(mostOfOne()).toBe(1);
	});

	it('gives somebody up whom WhatsApp refuses, and goes on with the others', async () => {
		const { id } = await signedDraft(council, everybody);
		await fault(council, { kind: 'graph-error', code: 131026, to: '+447700900005' });
		expect(await sendInStep(council, id)).toMatchObject({ state: 'finished', totals: { accepted: 23, notSent: 1 }, reasons: [{ outcome: 'not-sent', reason: '131026', count: 1 }] });
	});

	it('takes the refusal of somebody who stopped us at WhatsApp for an opt-out', async () => {
		const { id } = await signedDraft(council, everybody);
		await fault(council, { kind: 'graph-error', code: 131050, to: '+447700900005' });
		expect(await sendInStep(council, id)).toMatchObject({ totals: { accepted: 23, notSent: 1 } });
		expect(await rows(council.store, 'SELECT source FROM opt_out')).toEqual([{ source: 'whatsapp-131050' }]);
	});

	it('does not wait for a try that would come after the window', async () => {
		const { id } = await signedDraft(council, everybody);
		await fault(council, { kind: 'graph-error', code: 131049, to: '+447700900005' });
		const started = council.clock.now();
		expect(await sendInStep(council, id)).toMatchObject({ state: 'finished', totals: { accepted: 23, notSent: 1 } });
		expect(council.clock.now() - started).toBeLessThan(60_000);
	});

	it('is not held up by one number that WhatsApp finds wrong', async () => {
		const { id } = await signedDraft(council, everybody);
		const api = before(council, 6, async () => fault(council, { kind: 'graph-error', code: 131009, to: `+${await numberWaiting()}` }));
		let sent = await sendInStep(council, id, { api, perSecond: 4 });
		for (let again = 0; again < 3 && sent.state === 'held'; again++) sent = await sendInStep(council, id, { perSecond: 4 });
		expect(sent).toMatchObject({ state: 'finished', totals: { accepted: 23, notSent: 1 } });
	});

	it('is not held up by the first number that WhatsApp finds wrong, once a person runs it again', async () => {
		const { id } = await signedDraft(council, everybody);
		await fault(council, { kind: 'graph-error', code: 131009, to: '+447700900005' });
		let sent = await sendInStep(council, id, { perSecond: 4 });
		for (let again = 0; again < 2 && sent.state === 'held'; again++) sent = await sendInStep(council, id, { perSecond: 4 });
		expect(sent).toMatchObject({ state: 'finished', totals: { accepted: 23, notSent: 1 } });
	});

	it.each([
		['the token is refused', 190, /token/],
		['the template is paused', 132015, /paused/],
		['nothing is paid', 131042, /payment/],
	])('is held when %s, says what to do, stops at once, and goes on when it is run again', async (_, code, words) => {
		const { id } = await signedDraft(council, everybody);
		const api = before(council, 6, () => fault(council, { kind: 'graph-error', code }));
		const held = await sendInStep(council, id, { api, perSecond: 40 });
		expect(held).toMatchObject({ state: 'held', heldReason: expect.stringMatching(words) as string, totals: { notSent: 0, uncertain: 0 } });
		const refused = council.sandbox.journal.entries({ kind: 'response' }).filter(({ outcome }) => outcome?.includes('graph-error') === true);
		expect(refused.length).toBeLessThanOrEqual(10);
		council.sandbox.faults.clear();
		expect(await sendInStep(council, id)).toMatchObject({ state: 'finished', heldReason: null, totals: { accepted: 24, notSent: 0, uncertain: 0 } });
		expect(mostOfOne()).toBe(1);
	});

	it('is shared by two runs of one draft, and nobody gets it twice', async () => {
		const { id } = await signedDraft(council, everybody);
		const reports = await Promise.all([send(council, id), send(council, id), send(council, id)]);
		for (const one of reports) expect(one).toMatchObject({ totals: { recipients: 24, accepted: 24 } });
		expect(await report(id)).toMatchObject({ state: 'finished' });
		expect(mostOfOne()).toBe(1);
		expect(acceptedBy(council).size).toBe(24);
		expect(await rows(council.store, 'SELECT 1 FROM broadcast')).toHaveLength(1);
	});

	it('sends nothing more when its window closes', async () => {
		const { id } = await signedDraft(council, { ...everybody, notAfter: council.clock.now() + 3600_000 });
		const api = before(council, 4, async () => council.clock.advance(3600_001));
		const sent = await sendInStep(council, id, { api, perSecond: 4 });
		expect(sent.state).toBe('finished');
		expect(sent.totals.accepted).toBeLessThanOrEqual(6);
		expect(sent.reasons).toEqual([{ outcome: 'not-sent', reason: 'too-late', count: 24 - sent.totals.accepted }]);
	});

	it('settles what is left as too late when it is run again after the window', async () => {
		const { id } = await signedDraft(council, { ...everybody, notAfter: council.clock.now() + 3600_000 });
		const sentBefore = await sendInStep(council, id, { perSecond: 4, isCancelled: () => acceptedBy(council).size >= 4 });
		expect(sentBefore.state).toBe('sending');
		council.clock.advance(3600_001);
		await post(`${council.sandbox.admin}/clock`, { skewMs: 3600_001 });
		const sent = await sendInStep(council, id);
		expect(sent).toMatchObject({ state: 'finished', totals: { pending: 0, accepted: sentBefore.totals.accepted } });
	});

	it.each([
		['rules', { reach: 4000 }, /rules/],
		['mode', { mode: 'training' }, /training/],
	])('is held when the %s of the channel change', async (_, fields, words) => {
		const { id } = await signedDraft(council, everybody);
		const api = before(council, 4, () => change(fields));
		const sent = await sendInStep(council, id, { api, perSecond: 4 });
		expect(sent).toMatchObject({ state: 'held', heldReason: expect.stringMatching(words) as string });
		expect(sent.totals.accepted).toBeLessThanOrEqual(6);
		await expect(sendInStep(council, id)).rejects.toMatchObject({ code: expect.stringMatching(/^channel\./) as string });
		await change({});
		expect(await sendInStep(council, id)).toMatchObject({ state: 'finished', totals: { accepted: 24 } });
	});

	it('starts nothing more when it is cancelled, and records what was under way', async () => {
		const { id } = await signedDraft(council, everybody);
		let cancelled = false;
		const api = before(council, 5, async () => {
			cancelled = true;
			return Promise.resolve();
		});
		const sent = await sendInStep(council, id, { api, perSecond: 80, isCancelled: () => cancelled });
		expect(sent).toMatchObject({ state: 'sending', totals: { uncertain: 0, notSent: 0 } });
		expect(acceptedBy(council).size).toBe(sent.totals.accepted);
		expect(sent.totals.accepted).toBeLessThanOrEqual(6);
		expect(await rows(council.store, "SELECT 1 FROM delivery WHERE state = 'intent'")).toEqual([]);
		expect(await sendInStep(council, id)).toMatchObject({ state: 'finished', totals: { accepted: 24 } });
	});

	it('goes on when one number cannot be sent to, and ends the run, but not n8n, when the client breaks down', async () => {
		const { id } = await signedDraft(council, everybody);
		let calls = 0;
		const broken = (thrown: Error, at: number) => ({
			...council.api,
			sendTemplate: (...args: Parameters<typeof council.api.sendTemplate>) => (++calls === at ? Promise.reject(thrown) : council.api.sendTemplate(...args)),
		});
		await expect(sendInStep(council, id, { api: broken(new TypeError('broken'), 3), perSecond: 4 })).rejects.toThrow('broken');
		expect(await report(id)).toMatchObject({ state: 'sending' });
		calls = 0;
		const sent = await sendInStep(council, id, { api: broken(new CivicError('phone.invalid', 'This number cannot be used.', 'Mend it.'), 3) });
		expect(sent).toMatchObject({ state: 'finished', totals: { accepted: 22, notSent: 1, uncertain: 1 } });
	});

	it('gives its report again when it is run after the end, even without a connection and after the window', async () => {
		const { id } = await signedDraft(council, everybody);
		const sent = await sendInStep(council, id);
		council.clock.advance(48 * 3600_000);
		await council.sandbox.idle();
		const api = { ...council.api, getTemplate: () => Promise.reject(new Error('no connection')) };
		expect(await sendInStep(council, id, { api })).toMatchObject({ broadcastId: sent.broadcastId, state: 'finished', totals: { accepted: 24 } });
	});

	it('leaves a ledger that verifies, with nobody’s number in it', async () => {
		const { id } = await signedDraft(council, everybody);
		await fault(council, { kind: 'reset-after', times: 2 });
		await fault(council, { kind: 'graph-error', code: 131026, times: 2 });
		await sendInStep(council, id);
		await council.sandbox.idle();
		expect(await council.store.execute(verifyStore, { earlier: [] })).toMatchObject({ ok: true, findings: [] });
		const leaves = (await rows<{ leaf: Uint8Array }>(council.store, 'SELECT leaf FROM ledger_entry')).map(({ leaf }) => Buffer.from(leaf).toString());
		for (const leaf of leaves) expect(leaf).not.toMatch(/7700900|Ellis|Okafor|wamid/);
	});

	it('is refused with deliveries that were added by hand between two runs', async () => {
		const { id } = await signedDraft(council);
		await sendInStep(council, id, { perSecond: 4, isCancelled: () => acceptedBy(council).size >= 3 });
		await editByHand(
			council.store,
			`INSERT INTO delivery (id, broadcast_id, contact_id, state)
				SELECT 'by-hand', broadcast.id, contact.id, 'pending' FROM broadcast, contact WHERE contact.id NOT IN (SELECT contact_id FROM delivery) LIMIT 1`,
		);
		await expect(sendInStep(council, id)).rejects.toMatchObject({ code: 'draft.changed', message: expect.stringContaining('audience') as string });
	});
});

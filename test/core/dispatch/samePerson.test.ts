import { describe, expect, it, onTestFinished } from 'vitest';
import { contactPlace, personLookup } from '../../../core/audience/contact';
import { linkIds } from '../../../core/audience/personLink';
import { peopleAtOnce, samePersonQuery } from '../../../core/dispatch/alreadyReached';
import type { Claim } from '../../../core/dispatch/claimDeliveries';
import { recordResults, type RequestResult } from '../../../core/dispatch/recordResults';
import { readReport } from '../../../core/dispatch/report';
import { recordInbound } from '../../../core/inbox';
import { sealPersonal } from '../../../core/store/personKey';
import { startOffice, type Office } from '../../council/office';
import { claimIn, signedIn, startIn } from '../../council/officeSteps';
import { acts, editByHand, rows, within } from '../../council/tables';
import { text } from '../inbox/webhooks';

const bsuid = 'GB.13491208655302741918';
const phone = '+447700900000';

/** Somebody on the list of Route 1 who never showed a number. The only other one there is the resident with `phone`. */
function addByUserId(office: Office): Promise<string> {
	return within(office.store, async (context) => {
		const id = context.random.uuid();
		await context.sql.run(
			"INSERT INTO contact (id, phone_lookup, bsuid_lookup, sealed, language, status, created_at, updated_at, last_inbound_at) VALUES (?, NULL, ?, ?, 'en', 'active', 0, 0, NULL)",
			id,
			personLookup(context, { bsuid }),
			await sealPersonal(context, id, contactPlace(id), { bsuid }),
		);
		await context.sql.run('INSERT INTO contact_topic (contact_id, topic) SELECT ?, topic FROM contact_topic LIMIT 1', id);
		await context.sql.run('INSERT INTO contact_area (contact_id, area) SELECT ?, area FROM contact_area JOIN contact ON contact.id = contact_id WHERE phone_lookup = ?', id, personLookup(context, { phone }));
		return id;
	});
}

const bothShown = (office: Office) => within(office.store, (context) => recordInbound(context, { channelId: office.settings.id, events: text('Hello', { phone: phone.slice(1), userId: bsuid, at: office.clock.now() }) }));
const addresses = ({ deliveries }: Claim) => deliveries.map(({ to }) => to).sort();
const unsent = (office: Office) => rows(office.store, "SELECT reason FROM delivery WHERE state = 'not-sent'");

async function begin() {
	const office = await startOffice({ residents: 3 });
	onTestFinished(() => office.stop());
	return { office, byUserId: await addByUserId(office) };
}

/** Only one of the two is claimed at first; the other waits. */
async function claimFirst(office: Office, waits: 'number' | 'user id', byUserId: string) {
	const run = await startIn(office, await signedIn(office));
	const waiting = waits === 'user id' ? '=' : '<>';
	await editByHand(office.store, `UPDATE delivery SET next_attempt_at = ? WHERE contact_id ${waiting} ?`, office.clock.now() + 1000, byUserId);
	const [first] = (await claimIn(office, run)).deliveries;
	expect(first?.to).toBe(waits === 'user id' ? phone : bsuid);
	const record = (result: RequestResult | undefined) => (result === undefined ? Promise.resolve() : office.store.execute(recordResults, { broadcastId: run.broadcastId, runId: run.runId, results: [result] }));
	const rest = () => {
		office.clock.advance(2000);
		return claimIn(office, run);
	};
	return { id: first?.id ?? '', record, rest };
}

describe('somebody whose two contacts turn out to be one person in the middle of a broadcast', () => {
	it.each([
		['under way', () => undefined],
		['accepted', (id: string): RequestResult => ({ id, outcome: 'accepted', messageId: 'wamid.1' })],
		['uncertain', (id: string): RequestResult => ({ id, outcome: 'uncertain', reason: 'no-clear-answer' })],
	])('gets nothing under the number when the message to the user id is %s', async (_, result) => {
		const { office, byUserId } = await begin();
		const { id, record, rest } = await claimFirst(office, 'number', byUserId);
		await record(result(id));
		await bothShown(office);
		expect(await rest()).toMatchObject({ deliveries: [] });
		expect(await unsent(office)).toEqual([{ reason: 'already-reached' }]);
		expect(await acts(office.store)).toContain('delivery.skip');
	});

	it('gets nothing under the user id when the message to the number has left', async () => {
		const { office, byUserId } = await begin();
		const { id, record, rest } = await claimFirst(office, 'user id', byUserId);
		await record({ id, outcome: 'accepted', messageId: 'wamid.1' });
		await bothShown(office);
		expect((await rest()).deliveries).toEqual([]);
		expect(await unsent(office)).toEqual([{ reason: 'same-person' }]);
	});

	it('is still reached under the number when nothing left to the user id', async () => {
		const { office, byUserId } = await begin();
		const { id, record, rest } = await claimFirst(office, 'number', byUserId);
		await record({ id, outcome: 'not-sent', reason: '131026' });
		await bothShown(office);
		expect(addresses(await rest())).toEqual([phone]);
	});

	it('gets one message, too, where the two names were seen together and the contacts are still two', async () => {
		const { office } = await begin();
		await within(office.store, (context) => linkIds(context, personLookup(context, { phone }), personLookup(context, { bsuid })));
		const run = await startIn(office, await signedIn(office));
		expect((await claimIn(office, run)).deliveries).toHaveLength(1);
		expect(await unsent(office)).toEqual([{ reason: 'already-reached' }]);
		expect((await office.store.execute(readReport, { id: run.broadcastId })).reasons).toEqual([{ outcome: 'not-sent', reason: 'already-reached', count: 1 }]);
	});

	it('is one of two who are both reached as long as nothing says that they are one', async () => {
		const { office } = await begin();
		expect(addresses(await claimIn(office, await startIn(office, await signedIn(office))))).toEqual([phone, bsuid]);
	});
});

it('is found by indexes alone, so that a claim costs the same however many people there are', async () => {
	const { office } = await begin();
	const plan = await within(office.store, (context) => context.sql.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${samePersonQuery}`, ...new Array<null>(peopleAtOnce).fill(null), 'x'));
	const scans = plan.map(({ detail }) => detail).filter((detail) => /^SCAN /.test(detail) && !/^SCAN (asked|known|same|person|\d)/.test(detail));
	expect(scans).toEqual([]);
});

it('who is in a signed audience under two names gets the message once when the names turn out to be one person’s', async () => {
	const { office } = await begin();
	const draft = await signedIn(office);
	expect(draft.content.audience.count).toBe(2);
	const first = await startIn(office, await signedIn(office, { title: 'Before' }));
	expect((await claimIn(office, first)).deliveries.map(({ to }) => to).sort()).toEqual([phone, bsuid]);
	const run = await startIn(office, draft);
	await bothShown(office);
	const { deliveries } = await claimIn(office, run);
	expect(deliveries).toHaveLength(1);
	expect(await rows(office.store, "SELECT reason FROM delivery WHERE state = 'not-sent'")).toEqual([{ reason: 'same-person' }]);
	expect((await office.store.execute(readReport, { id: run.broadcastId })).totals).toMatchObject({ recipients: 2, notSent: 1 });
});

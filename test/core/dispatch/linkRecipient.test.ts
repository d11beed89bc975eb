import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { personLookup } from '../../../core/audience/contact';
import { isOptedOut } from '../../../core/audience/optOut';
import { optOutByPhone } from '../../../core/audience/optOutByPhone';
import type { Desk } from '../../../core/desk/desk';
import { recordResults } from '../../../core/dispatch/recordResults';
import { recordInbound } from '../../../core/inbox';
import { startOffice, type Office } from '../../council/office';
import { claimIn, deskIn, signedIn, startIn, statusBody, webhook, type StatusWord } from '../../council/officeSteps';
import { acts, rows, within } from '../../council/tables';
import { text } from '../inbox/webhooks';

const secret = 'office-app-secret';
/** The one resident who is on the list and on Route 1. */
const phone = '+447700900000';
const stranger = '+447700900500';
const userId = 'GB.13491208655302741918';

describe('a number and a user id that WhatsApp shows together', () => {
	let office: Office;
	let desk: Desk;
	beforeEach(async () => {
		office = await startOffice({ residents: 3 });
		onTestFinished(() => office.stop());
		desk = deskIn(office);
	});

	const told = (...statuses: Array<Partial<StatusWord>>) =>
		webhook(desk, statusBody(office.settings.id, statuses.map((status) => ({ status: 'delivered', at: office.clock.now(), ...status }))), secret);
	const stopByUserId = () => within(office.store, (context) => recordInbound(context, { channelId: office.settings.id, events: text('STOP', { phone: null, userId, id: 'wamid.stop' }) }));
	const isOut = (id: { phone: string } | { bsuid: string }) => within(office.store, (context) => isOptedOut(context, [personLookup(context, id)]));
	const claimed = async (title: string) => {
		const run = await startIn(office, await signedIn(office, { title }));
		return { ...run, deliveries: (await claimIn(office, run)).deliveries };
	};

	it('in a status are one person: a STOP by user id alone keeps the number from being messaged', async () => {
		const { deliveries } = await claimed('First');
		await told({ callback: deliveries[0]?.id, userId });
		const next = await startIn(office, await signedIn(office, { title: 'Second' }));
		await stopByUserId();
		expect(await isOut({ phone })).toBe(true);
		expect((await claimIn(office, next)).deliveries).toEqual([]);
		expect(await rows(office.store, "SELECT reason FROM delivery WHERE state = 'not-sent'")).toEqual([{ reason: 'opted-out' }]);
	});

	it('in a status are one person the other way round: a STOP by number alone counts for the user id', async () => {
		const { deliveries } = await claimed('First');
		await told({ callback: deliveries[0]?.id, userId });
		await office.store.execute(optOutByPhone, { phone, reason: 'Rang us' });
		expect(await isOut({ bsuid: userId })).toBe(true);
	});

	it('count when the STOP came before the status, too', async () => {
		await stopByUserId();
		const { deliveries } = await claimed('First');
		await told({ callback: deliveries[0]?.id, userId });
		expect(await isOut({ phone })).toBe(true);
	});

	it('count for somebody who is no contact, and in a status of a message that was sent around us', async () => {
		await told({ id: 'wamid.elsewhere', phone: stranger.slice(1), userId });
		await stopByUserId();
		expect(await isOut({ phone: stranger })).toBe(true);
	});

	it('count in a failed status by which somebody stopped us', async () => {
		const { deliveries } = await claimed('First');
		await told({ callback: deliveries[0]?.id, userId, status: 'failed', code: 131050 });
		expect([await isOut({ phone }), await isOut({ bsuid: userId })]).toEqual([true, true]);
	});

	it('are known by the number we wrote to where the status hides it, or shows it in another spelling', async () => {
		const { deliveries } = await claimed('First');
		await told({ callback: deliveries[0]?.id, phone: null, userId });
		await stopByUserId();
		expect(await isOut({ phone })).toBe(true);
		const other = await startOffice({ residents: 3 });
		onTestFinished(() => other.stop());
		office = other;
		desk = deskIn(other);
		const again = await claimed('First');
		await told({ callback: again.deliveries[0]?.id, phone: '447700900499', userId });
		await stopByUserId();
		expect(await isOut({ phone })).toBe(true);
	});

	it('become one contact and one conversation, so that one reply reaches both', async () => {
		await within(office.store, (context) => recordInbound(context, { channelId: office.settings.id, events: text('Hello', { phone: null, userId, id: 'wamid.hello' }) }));
		const { deliveries } = await claimed('First');
		await told({ callback: deliveries[0]?.id, userId });
		expect(await rows(office.store, 'SELECT 1 FROM contact WHERE phone_lookup IS NOT NULL AND bsuid_lookup IS NOT NULL')).toHaveLength(1);
		expect(await rows(office.store, 'SELECT 1 FROM conversation WHERE phone_lookup IS NOT NULL AND bsuid_lookup IS NOT NULL')).toHaveLength(1);
	});

	it('in the answer to a message are one person as well', async () => {
		const run = await claimed('First');
		const [delivery] = run.deliveries;
		await office.store.execute(recordResults, {
			broadcastId: run.broadcastId,
			runId: run.runId,
			results: [{ id: delivery?.id ?? '', outcome: 'accepted', messageId: 'wamid.1', recipient: { userId } }],
		});
		await stopByUserId();
		expect(await isOut({ phone })).toBe(true);
	});

	it('are written down once, however many statuses show them', async () => {
		const { deliveries } = await claimed('First');
		const callback = deliveries[0]?.id;
		await told({ callback, userId, status: 'sent' });
		const [before] = await rows<{ updated_at: number }>(office.store, 'SELECT updated_at FROM contact WHERE bsuid_lookup IS NOT NULL');
		office.clock.advance(1000);
		await told({ callback, userId, status: 'delivered' }, { callback, userId, status: 'read' }, { callback, userId, status: 'read', phone: null });
		expect(await rows(office.store, 'SELECT updated_at FROM contact WHERE bsuid_lookup IS NOT NULL')).toEqual([before]);
		expect(await rows(office.store, 'SELECT 1 FROM person_link')).toHaveLength(1);
		expect((await acts(office.store)).filter((act) => act === 'person.link')).toHaveLength(1);
	});
});

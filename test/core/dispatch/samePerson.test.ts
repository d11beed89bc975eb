import { expect, it, onTestFinished } from 'vitest';
import { contactPlace, personLookup } from '../../../core/audience/contact';
import { readReport } from '../../../core/dispatch/report';
import { recordInbound } from '../../../core/inbox';
import { sealPersonal } from '../../../core/store/personKey';
import { startOffice } from '../../council/office';
import { claimIn, signedIn, startIn } from '../../council/officeSteps';
import { rows, within } from '../../council/tables';
import { text } from '../inbox/webhooks';

it('who is in a signed audience under two names gets the message once when the names turn out to be one person’s', async () => {
	const office = await startOffice({ residents: 3 });
	onTestFinished(() => office.stop());
	const bsuid = 'GB.13491208655302741918';
	await within(office.store, async (context) => {
		const id = context.random.uuid();
		await context.sql.run(
			"INSERT INTO contact (id, phone_lookup, bsuid_lookup, sealed, language, status, created_at, updated_at, last_inbound_at) VALUES (?, NULL, ?, ?, 'en', 'active', 0, 0, NULL)",
			id,
			personLookup(context, { bsuid }),
			await sealPersonal(context, id, contactPlace(id), { bsuid }),
		);
		await context.sql.run("INSERT INTO contact_topic (contact_id, topic) SELECT ?, topic FROM contact_topic LIMIT 1", id);
		await context.sql.run("INSERT INTO contact_area (contact_id, area) SELECT ?, area FROM contact_area JOIN contact ON contact.id = contact_id WHERE phone_lookup = ?", id, personLookup(context, { phone: '+447700900000' }));
	});
	const draft = await signedIn(office);
	expect(draft.content.audience.count).toBe(2);
	const first = await startIn(office, await signedIn(office, { title: 'Before' }));
	expect((await claimIn(office, first)).deliveries.map(({ to }) => to).sort()).toEqual(['+447700900000', bsuid]);
	const run = await startIn(office, draft);
	await within(office.store, (context) => recordInbound(context, { channelId: office.settings.id, events: text('Hello', { phone: '447700900000', userId: bsuid, at: office.clock.now() }) }));
	const { deliveries } = await claimIn(office, run);
	expect(deliveries).toHaveLength(1);
	expect(await rows(office.store, "SELECT reason FROM delivery WHERE state = 'not-sent'")).toEqual([{ reason: 'same-person' }]);
	expect((await office.store.execute(readReport, { id: run.broadcastId })).totals).toMatchObject({ recipients: 2, notSent: 1 });
});

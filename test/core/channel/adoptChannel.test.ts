import { afterEach, describe, expect, it } from 'vitest';
import { adoptChannel, readAdoptionFacts } from '../../../core/channel/adoptChannel';
import { startBroadcast } from '../../../core/dispatch/startBroadcast';
import { recordNoticeIntent } from '../../../core/message/staffNotice';
import { acts, editByHand } from '../../council/tables';
import { startOffice, type Office } from '../../council/office';

describe('a store that nobody has adopted for a live channel', () => {
	let office: Office;
	afterEach(() => office.stop());

	it('takes no draft and says which command adopts it', async () => {
		office = await startOffice({ adopt: false });
		await expect(office.draft()).rejects.toMatchObject({ code: 'channel.not-adopted', hint: expect.stringContaining(`--channel ${office.settings.id}`) as string });
	});

	it('asks for no sign-off, sends nothing and writes to nobody', async () => {
		// The draft comes from training, the only way to have one here.
		office = await startOffice({ adopt: false, channel: { mode: 'training' } });
		const draft = await office.draft();
		const { links } = await office.ask(draft.id);
		await office.decide(links[0]?.token ?? '', draft);
		await office.change({ mode: 'live' });
		const preflight = { templateContent: draft.content.variants[0]!.templateContent, category: 'UTILITY', serverDate: office.clock.now() };
		for (const refused of [
			office.draft(),
			office.ask(draft.id),
			office.store.execute(startBroadcast, { draftId: draft.id, channelId: office.settings.id, rulesFingerprint: '', preflight }),
			office.store.execute(recordNoticeIntent, { channelId: office.settings.id, purpose: 'message', about: null, to: '+447700900901' }),
		]) {
			await expect(refused).rejects.toMatchObject({ code: 'channel.not-adopted' });
		}
	});

	it('works in training mode', async () => {
		office = await startOffice({ adopt: false, channel: { mode: 'training' } });
		const draft = await office.draft();
		expect(draft.content.mode).toBe('training');
		await expect(office.ask(draft.id)).resolves.toMatchObject({ draft: { title: 'Gritting tonight' } });
	});

	it('is adopted once, by a named person, and the ledger says so', async () => {
		office = await startOffice({ adopt: false });
		const adopt = (operator: string) => office.store.execute(adoptChannel, { channelId: office.settings.id, operator });
		await expect(adopt('  ')).rejects.toMatchObject({ code: 'input.invalid' });
		expect(await adopt('Jo Hale')).toMatchObject({ already: false });
		expect(await adopt('Somebody else')).toMatchObject({ already: true });
		expect((await acts(office.store)).filter((act) => act === 'channel.adopt')).toHaveLength(1);
		await expect(office.draft()).resolves.toBeDefined();
	});

	it('shows what it holds before it is bound', async () => {
		office = await startOffice({ adopt: false });
		expect(await office.store.execute(readAdoptionFacts, undefined)).toMatchObject({
			channels: [{ id: office.settings.id, mode: 'live', adoptedAt: null }],
			contacts: 6,
			optOuts: 0,
		});
	});

	it('cannot be adopted for a channel it does not know, or for one edited by hand', async () => {
		office = await startOffice({ adopt: false });
		await expect(office.store.execute(adoptChannel, { channelId: '999999', operator: 'Jo' })).rejects.toMatchObject({ code: 'channel.unknown' });
		await editByHand(office.store, "UPDATE channel SET name = 'Another'");
		await expect(office.store.execute(adoptChannel, { channelId: office.settings.id, operator: 'Jo' })).rejects.toMatchObject({ code: 'store.tampered' });
	});
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeDesk, deskSilenceMs, openDesk, readDesk, seeDesk } from '../../../core/channel/deskAddress';
import { acts } from '../../council/tables';
import { startOffice, type Office } from '../../council/office';

describe('the desk', () => {
	let office: Office;
	beforeEach(async () => {
		office = await startOffice({ desk: false });
	});
	afterEach(() => office.stop());

	const address = { pageAddress: 'https://a.example/desk/', webhookAddress: 'https://a.example/whatsapp' };
	const open = (changes: Partial<typeof address> = {}) => office.store.execute(openDesk, { ...address, ...changes });
	const isOn = async () => (await office.store.execute(readDesk, undefined))?.active;
	const deskActs = async () => (await acts(office.store)).filter((act) => act.startsWith('desk.'));

	it('is unknown until it says where it is', async () => {
		expect(await office.store.execute(readDesk, undefined)).toBeNull();
		const draft = await office.draft();
		await expect(office.ask(draft.id)).rejects.toMatchObject({ code: 'desk.inactive', hint: expect.stringContaining('workflows/desk.json') as string });
	});

	it('is on while it is heard of, and off after a silence of three minutes', async () => {
		await open();
		office.clock.advance(deskSilenceMs - 1);
		expect(await isOn()).toBe(true);
		await office.store.execute(seeDesk, undefined);
		office.clock.advance(deskSilenceMs);
		expect(await isOn()).toBe(false);
		const draft = await office.draft();
		await expect(office.ask(draft.id)).rejects.toMatchObject({ code: 'desk.inactive' });
	});

	it('is not brought back by a sign of life after it was closed', async () => {
		await open();
		await office.store.execute(closeDesk, undefined);
		await office.store.execute(seeDesk, undefined);
		expect(await isOn()).toBe(false);
	});

	it('enters the ledger when it opens, moves or closes, and not when it only says so again', async () => {
		await open();
		await open();
		await open({ pageAddress: 'https://b.example/desk/' });
		await office.store.execute(closeDesk, undefined);
		await office.store.execute(closeDesk, undefined);
		expect(await deskActs()).toEqual(['desk.open', 'desk.open', 'desk.close']);
	});
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStoredChannel } from '../../../core/channel/channelApi';
import { createTransport } from '../../../core/whatsapp/connection';
import { startCouncil, type Council } from '../../council/council';
import { editByHand } from '../../council/tables';

describe('a channel opened from the store', () => {
	let council: Council;
	beforeEach(async () => {
		council = await startCouncil({ residents: 1 });
	});
	afterEach(() => council.stop());

	const open = (id = council.settings.id) => openStoredChannel(council.store, id, createTransport());

	it('reaches its number at Meta, under the rules that the store has', async () => {
		const { id, rules, api } = await open();
		expect([id, rules]).toEqual([council.settings.id, council.settings.rules]);
		expect((await api.phoneNumber()).value).toMatchObject({ displayNumber: expect.any(String) as string });
	});

	it('is refused when there is none, or its row was edited by hand', async () => {
		await expect(open('100000000000001')).rejects.toMatchObject({ code: 'channel.unknown' });
		await editByHand(council.store, "UPDATE channel SET secrets_fingerprint = 'x'");
		await expect(open()).rejects.toMatchObject({ code: 'store.tampered' });
	});
});

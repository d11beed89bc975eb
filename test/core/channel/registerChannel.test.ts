import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadChannel } from '../../../core/channel/channel';
import { readDeskChannels } from '../../../core/channel/deskChannels';
import { registerChannel } from '../../../core/channel/registerChannel';
import { acts, editByHand, rows, within } from '../../council/tables';
import { startOffice, type Office } from '../../council/office';

describe('a channel in the store', () => {
	let office: Office;
	beforeEach(async () => {
		office = await startOffice();
	});
	afterEach(() => office.stop());

	const load = () => within(office.store, (context) => loadChannel(context, office.settings.id));
	const changes = async () => (await acts(office.store)).filter((act) => act === 'channel.change').length;

	it('is registered once, however often a node opens it', async () => {
		const before = await acts(office.store);
		const bytes = await rows(office.store, 'SELECT * FROM channel');
		for (let i = 0; i < 5; i++) await office.store.execute(registerChannel, office.settings);
		expect(await acts(office.store)).toEqual(before);
		expect(await rows(office.store, 'SELECT * FROM channel')).toEqual(bytes);
	});

	it.each([
		['name', { channelName: 'Aldersea roads' }],
		['mode', { mode: 'training' }],
		['services', { services: { service: [{ name: 'Highways' }, { name: 'Waste' }] } }],
		['quorum', { signaturesNeeded: 2 }],
		['token', { accessToken: 'another-token' }],
		['app secret', { appSecret: 'another-secret', previousAppSecret: 'office-app-secret' }],
		['verify token', { verifyToken: 'another-verify-token' }],
		['account', { businessAccountId: '102290129340399' }],
	])('enters the ledger once when its %s changes', async (_, fields) => {
		await office.change(fields);
		await office.change(fields);
		expect(await changes()).toBe(1);
	});

	it('stays adopted through a change of its rules', async () => {
		const { adoptedAt } = await load();
		await office.change({ signaturesNeeded: 2 });
		expect((await load()).adoptedAt).toBe(adoptedAt);
	});

	it('hands the desk the newest secrets', async () => {
		await office.change({ appSecret: 'new-secret', previousAppSecret: 'office-app-secret' });
		expect(await office.store.execute(readDeskChannels, undefined)).toMatchObject([
			{ id: office.settings.id, appSecrets: ['new-secret', 'office-app-secret'], verifyToken: 'office-verify-token' },
		]);
	});

	it('keeps neither token nor secret nor an approver readable in the file', () => {
		for (const plain of ['office-access-token', 'office-app-secret', 'office-verify-token', 'morgan.ellis', '7700900901']) expect(office.bytes()).not.toContain(plain);
	});

	it.each([
		['mode', "UPDATE channel SET mode = 'training'"],
		['name', "UPDATE channel SET name = 'Another'"],
		['adoption', 'UPDATE channel SET adopted_at = 1'],
		['fingerprint of the rules', `UPDATE channel SET rules_fingerprint = '${'0'.repeat(64)}'`],
		['fingerprint of the secrets', `UPDATE channel SET secrets_fingerprint = '${'0'.repeat(64)}'`],
		['account', "UPDATE channel SET business_account_id = '1'"],
		['seal', "UPDATE channel SET mac = ''"],
		['rules', "UPDATE channel SET rules_sealed = randomblob(200)"],
	])('is refused when its %s was edited by hand', async (_, sql) => {
		await editByHand(office.store, sql);
		await expect(load()).rejects.toMatchObject({ code: 'store.tampered' });
	});

	it('is refused when older rules were put back under the new seal', async () => {
		const [older] = await rows<{ rules_sealed: Buffer }>(office.store, 'SELECT rules_sealed FROM channel');
		await office.change({ signaturesNeeded: 2 });
		await editByHand(office.store, 'UPDATE channel SET rules_sealed = ?', older?.rules_sealed ?? null);
		await expect(load()).rejects.toMatchObject({ code: 'store.tampered' });
	});

	it('does not let the desk trust an app secret that was put back by hand', async () => {
		const [older] = await rows<{ secrets_sealed: Buffer }>(office.store, 'SELECT secrets_sealed FROM channel');
		await office.change({ appSecret: 'new-secret' });
		await editByHand(office.store, 'UPDATE channel SET secrets_sealed = ?', older?.secrets_sealed ?? null);
		expect(await office.store.execute(readDeskChannels, undefined)).toEqual([]);
	});

	it('does not turn an adoption written by hand into a true one when the credential changes', async () => {
		const other = await startOffice({ adopt: false });
		try {
			await editByHand(other.store, 'UPDATE channel SET adopted_at = 1');
			await expect(other.change({ channelName: 'Another name' })).rejects.toMatchObject({ code: 'store.tampered' });
		} finally {
			await other.stop();
		}
	});
});

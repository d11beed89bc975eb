import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseChannelSettings } from '../../../../core/channel/parseSettings';
import { registerChannel, type RegisteredChannel } from '../../../../core/channel/registerChannel';
import { officeFields, startOffice, type Office } from '../../../council/office';
import { decideRules, ruleLinks } from '../../../council/signRules';
import { rows } from '../../../council/tables';

const robin = { name: 'Robin Vale', email: 'robin.vale@aldersea.example', phone: '+44 7700 900904' };
const three = {
	approvers: {
		approver: [
			{ name: 'Morgan Ellis', email: 'morgan.ellis@aldersea.example', phone: '+44 7700 900901' },
			{ name: 'Priya Raman', email: 'priya.raman@aldersea.example', phone: '+44 7700 900902' },
			{ name: 'Jo Hale', email: 'jo.hale@aldersea.example', phone: '+44 7700 900903' },
		],
	},
};

describe('looser rules in the file that only IT can change', () => {
	let office: Office;
	beforeEach(async () => {
		office = await startOffice({ channel: three });
	});
	afterEach(() => office.stop());

	const open = (fields: Record<string, unknown>): Promise<RegisteredChannel> => office.store.execute(registerChannel, parseChannelSettings(officeFields({ ...three, ...fields })));
	const file = { kind: 'file' as const, id: '/etc/civic-comms/channels.json', name: '/etc/civic-comms/channels.json' };
	const fromFile = (fields: Record<string, unknown>) => office.store.execute(registerChannel, { ...parseChannelSettings(officeFields({ ...three, ...fields })), source: file });

	it('take effect at once, are entered as IT’s, and end what waited', async () => {
		await open({ reach: 8000 });
		const [link] = await ruleLinks(office.store);
		if (link === undefined) throw new Error('nobody was asked');
		const channel = await fromFile({ reach: 9000, signaturesNeeded: 1, approvers: { approver: three.approvers.approver.slice(0, 2) } });
		expect(channel.rules).toMatchObject({ reach: 9000 });
		expect(channel.notices.map(({ words }) => words).join(' ')).toMatch(/changed at once, as IT’s file of channels says/);
		await expect(decideRules(office.store, link)).rejects.toMatchObject({ code: 'channel.rules' });
		const [entry] = await rows<{ actor_role: string }>(office.store, "SELECT actor_role FROM ledger_index WHERE act = 'channel.change' ORDER BY idx DESC LIMIT 1");
		expect(entry).toEqual({ actor_role: 'operator' });
	});

	it('also where the approvers in force could not sign them any more', async () => {
		await open({ signaturesNeeded: 3 });
		await expect(fromFile({ approvers: { approver: [robin] }, signaturesNeeded: 1 })).resolves.toMatchObject({ rules: { signaturesNeeded: 1 } });
	});
});

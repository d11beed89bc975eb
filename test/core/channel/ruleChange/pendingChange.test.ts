import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decide } from '../../../../core/approval/decide';
import { expireRequests } from '../../../../core/approval/expire';
import { claimNotices } from '../../../../core/approval/notices';
import { requestRuleChanges } from '../../../../core/approval/requestRuleChanges';
import { viewRequest } from '../../../../core/approval/viewRequest';
import { viewRuleChange } from '../../../../core/approval/viewRuleChange';
import { closeDesk, openDesk } from '../../../../core/channel/deskAddress';
import { loadChannel } from '../../../../core/channel/channel';
import { parseChannelSettings } from '../../../../core/channel/parseSettings';
import { registerChannel, type RegisteredChannel } from '../../../../core/channel/registerChannel';
import { verifyStore } from '../../../../core/ledger/verifyStore';
import { officeFields, startOffice, type Office } from '../../../council/office';
import { decideRules, ruleLinks, type RuleLink } from '../../../council/signRules';
import { acts, editByHand, rows, within } from '../../../council/tables';

const day = 24 * 3600_000;
const person = (name: string, phone: string) => ({ name, email: `${name.toLowerCase().replace(' ', '.')}@aldersea.example`, phone });
const three = { approvers: { approver: [person('Morgan Ellis', '+44 7700 900901'), person('Priya Raman', '+44 7700 900902'), person('Jo Hale', '+44 7700 900903')] } };
const without = (name: string) => ({ approvers: { approver: three.approvers.approver.filter((one) => one.name !== name) } });
const robin = { name: 'Robin Vale', email: 'robin.vale@aldersea.example', phone: '+44 7700 900904' };
const credential = (id: string, name = id) => ({ kind: 'credential' as const, id, name });

function fail(): never {
	throw new Error('nobody was asked');
}

describe('looser rules', () => {
	let office: Office;
	beforeEach(async () => {
		office = await startOffice({ channel: three });
	});
	afterEach(() => office.stop());

	const open = (fields: Record<string, unknown> = {}, source = credential('1')): Promise<RegisteredChannel> =>
		office.store.execute(registerChannel, { ...parseChannelSettings(officeFields({ ...three, ...fields })), source });
	const inForce = () => within(office.store, (context) => loadChannel(context, office.settings.id));
	const states = async () => (await rows<{ state: string }>(office.store, 'SELECT state FROM rule_change ORDER BY proposed_at, rowid')).map(({ state }) => state);
	const requestStates = async () => (await rows<{ state: string }>(office.store, 'SELECT state FROM approval_request WHERE rule_change_id IS NOT NULL ORDER BY created_at, rowid')).map(({ state }) => state);
	const said = ({ notices }: RegisteredChannel) => notices.map(({ words }) => words).join(' ');
	const first = (links: RuleLink[]) => links[0] ?? fail();

	it('are recorded loudly the first time', async () => {
		const settings = { ...parseChannelSettings(officeFields({ ...three, phoneNumberId: '106540352242999', channelName: 'Aldersea youth' })) };
		const channel = await office.store.execute(registerChannel, settings);
		expect(channel.notices).toEqual([{ level: 'warning', words: expect.stringMatching(/^First use: the store recorded the rules of channel "Aldersea youth".*1 of Morgan Ellis, Priya Raman, Jo Hale/) as string }]);
		expect((await office.store.execute(registerChannel, settings)).notices).toEqual([]);
		expect((await acts(office.store)).at(-1)).toBe('channel.register');
	});

	it('wait, while the flow goes on under those in force', async () => {
		const draft = await office.draft();
		const { links } = await office.ask(draft.id);
		const channel = await open({ reach: 9000 });
		expect(channel.rules.reach).toBe(5000);
		expect(said(channel)).toMatch(/wait for sign-off by Morgan Ellis, Priya Raman, Jo Hale: 'Reach': 5,000 → 9,000/);
		expect(await states()).toEqual(['pending']);
		expect((await acts(office.store)).at(-1)).toBe('channel.propose');
		await expect(office.decide(links[0]?.token ?? '', draft)).resolves.toMatchObject({ state: 'approved' });
	});

	it('are put to the approvers in force once, however often the channel is opened', async () => {
		for (let i = 0; i < 3; i++) await open({ reach: 9000 });
		expect((await ruleLinks(office.store)).map(({ name }) => name)).toEqual(['Morgan Ellis', 'Priya Raman', 'Jo Hale']);
		await open({ reach: 9000 });
		expect(await ruleLinks(office.store)).toEqual([]);
		expect(await states()).toEqual(['pending']);
	});

	it('are brought to nobody who is only proposed', async () => {
		await open({ approvers: { approver: [...three.approvers.approver, robin] } });
		expect((await ruleLinks(office.store)).map(({ name }) => name)).not.toContain('Robin Vale');
	});

	it('take effect with the signature, and not before', async () => {
		await open({ reach: 9000, mode: 'live', directMessages: 'replies' });
		const link = first(await ruleLinks(office.store));
		expect(link.view.differences.map(({ field, direction }) => [field, direction])).toEqual([["'Reach'", 'loosens'], ["'Direct Messages'", 'loosens']]);
		expect((await inForce()).rules.reach).toBe(5000);
		await decideRules(office.store, link);
		expect((await inForce()).rules).toMatchObject({ reach: 9000, directMessages: { allow: 'replies' } });
		expect(await states()).toEqual(['applied']);
		expect((await open({ reach: 9000, directMessages: 'replies' })).notices).toEqual([]);
		expect((await acts(office.store)).slice(-2)).toEqual(['channel.change', 'approval.decide']);
		expect((await office.store.execute(verifyStore, { earlier: [] })).findings).toEqual([]);
	});

	it('void what was signed under the rules before', async () => {
		const draft = await office.draft();
		const { links } = await office.ask(draft.id);
		await open({ reach: 9000 });
		await decideRules(office.store, first(await ruleLinks(office.store)));
		await expect(office.decide(links[0]?.token ?? '', draft)).rejects.toMatchObject({ code: 'channel.rules' });
	});

	it('need as many signatures as the rules in force ask of a message', async () => {
		await open({ signaturesNeeded: 2 });
		await open({ signaturesNeeded: 1 });
		const links = await ruleLinks(office.store);
		await decideRules(office.store, first(links));
		expect((await inForce()).rules.signaturesNeeded).toBe(2);
		await decideRules(office.store, links[1] ?? fail());
		expect((await inForce()).rules.signaturesNeeded).toBe(1);
	});

	it('need every step that the rules in force have', async () => {
		const roles = three.approvers.approver.map((person, at) => ({ ...person, role: at === 0 ? 'duty' : 'director' }));
		const steps = { approvers: { approver: roles }, stages: { stage: [{ role: 'duty', signatures: 1 }, { role: 'director', signatures: 1 }] } };
		await office.change(steps);
		await open({ ...steps, reach: 9000 });
		const duty = await ruleLinks(office.store);
		expect(duty.map(({ name }) => name)).toEqual(['Morgan Ellis']);
		await decideRules(office.store, first(duty));
		expect((await inForce()).rules.reach).toBe(5000);
		const directors = await ruleLinks(office.store);
		expect(directors.map(({ name }) => name)).toEqual(['Priya Raman', 'Jo Hale']);
		await decideRules(office.store, first(directors));
		expect((await inForce()).rules.reach).toBe(9000);
	});

	it('go from training to live with a signature, and back without one', async () => {
		await open({ mode: 'training' });
		expect((await inForce()).mode).toBe('training');
		const waiting = await open({ mode: 'live' });
		expect(waiting.mode).toBe('training');
		await decideRules(office.store, first(await ruleLinks(office.store)));
		expect((await inForce()).mode).toBe('live');
	});

	it('are split: what is tighter in the same credential takes effect at once', async () => {
		const channel = await open({ reach: 9000, signaturesNeeded: 2 });
		expect(channel.rules).toMatchObject({ reach: 5000, signaturesNeeded: 2 });
		expect(said(channel)).toMatch(/changed at once: 'Sign-Offs Needed': 1 → 2.*wait for sign-off.*'Reach'/);
		expect(first(await ruleLinks(office.store)).view.differences.map(({ field }) => field)).toEqual(["'Reach'"]);
	});

	it('that were refused are not asked for again for a month, nor without being changed', async () => {
		await open({ reach: 9000 });
		await decideRules(office.store, first(await ruleLinks(office.store)), 'reject');
		expect(await states()).toEqual(['refused']);
		const refused = await open({ reach: 9000 });
		expect(refused.rules.reach).toBe(5000);
		expect(said(refused)).toMatch(/The approvers refused the looser rules.*not asked again before/);
		await open();
		await open({ reach: 9000 });
		expect(await ruleLinks(office.store)).toEqual([]);
		await open({ reach: 8000 });
		expect(await states()).toEqual(['refused', 'pending']);
		await open();
		office.clock.advance(31 * day);
		await open({ reach: 9000 });
		expect((await states()).at(-1)).toBe('pending');
	});

	it('that nobody signed in time are refused', async () => {
		await open({ reach: 9000 });
		const link = first(await ruleLinks(office.store));
		office.clock.advance(3 * day);
		await expect(decideRules(office.store, link)).rejects.toMatchObject({ code: 'approval.decided' });
		await office.store.execute(expireRequests, undefined);
		expect(await states()).toEqual(['expired']);
		expect(said(await open({ reach: 9000 }))).toMatch(/Nobody signed the looser rules/);
		expect((await inForce()).rules.reach).toBe(5000);
	});

	it('that are overtaken by a newer proposal are decided by nobody', async () => {
		await open({ reach: 9000 });
		const older = first(await ruleLinks(office.store));
		await open({ reach: 8000 });
		await expect(decideRules(office.store, older)).rejects.toMatchObject({ code: 'channel.rules' });
		expect(await office.store.execute(viewRuleChange, { token: older.token })).toMatchObject({ state: 'superseded', mayDecide: false });
		await office.store.execute(expireRequests, undefined);
		expect(await requestStates()).toEqual(['superseded']);
		await decideRules(office.store, first(await ruleLinks(office.store)));
		expect((await inForce()).rules.reach).toBe(8000);
	});

	it('are not asked for any more when the credential is set back, or the rules in force change', async () => {
		await open({ reach: 9000 });
		const link = first(await ruleLinks(office.store));
		await open();
		await expect(decideRules(office.store, link)).rejects.toMatchObject({ code: 'channel.rules' });
		await open({ reach: 9000 });
		const again = first(await ruleLinks(office.store));
		await open({ reach: 9000, signaturesNeeded: 2 });
		await expect(decideRules(office.store, again)).rejects.toMatchObject({ code: 'channel.rules' });
		expect(await states()).toEqual(['superseded', 'superseded', 'pending']);
	});

	it('are decided once by two who sign at the same moment, and by no later newer proposal', async () => {
		await open({ reach: 9000 });
		const links = await ruleLinks(office.store);
		const decided = await Promise.allSettled(links.map((link) => decideRules(office.store, link)));
		expect(decided.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
		await open({ reach: 8000 });
		expect((await inForce()).rules.reach).toBe(8000);
		expect(await states()).toEqual(['applied']);
	});

	it('of a second credential for the number do not push out those of the first, and are named', async () => {
		await open({ reach: 9000 }, credential('1', 'WhatsApp roads'));
		const channel = await open({ reach: 8000 }, credential('2', 'WhatsApp copy'));
		expect(said(channel)).toMatch(/Two credentials.*"WhatsApp roads".*Keep one credential a number/);
		await open({}, credential('3'));
		expect(await states()).toEqual(['pending']);
		expect(first(await ruleLinks(office.store)).view.differences).toMatchObject([{ after: '9,000' }]);
	});

	it('say that another credential set the rules in force', async () => {
		await open({ reach: 4000 }, credential('2', 'WhatsApp copy'));
		expect(said(await open({}, credential('1')))).toMatch(/Another credential for the number.*"WhatsApp copy"/);
	});

	it('are not returned for change, not withdrawn by a flow, and not approved without the tick', async () => {
		await open({ reach: 9000 });
		const { token, view } = first(await ruleLinks(office.store));
		const send = (changes: object) => office.store.execute(decide, { token, decision: 'approve' as const, reason: 'x', acknowledgedPeople: 1, digest: view.digest, ...changes });
		await expect(send({ decision: 'return' })).rejects.toMatchObject({ code: 'input.invalid' });
		await expect(send({ acknowledgedPeople: null })).rejects.toMatchObject({ code: 'input.invalid', message: expect.stringContaining('1 of the rules') as string });
		await expect(send({ digest: '0'.repeat(64) })).rejects.toMatchObject({ code: 'draft.changed' });
		await expect(send({ decision: 'reject', reason: ' ' })).rejects.toMatchObject({ code: 'input.invalid' });
		await expect(office.store.execute(viewRequest, { token })).rejects.toMatchObject({ code: 'approval.unknown' });
		expect((await inForce()).rules.reach).toBe(5000);
	});

	it('wait for a desk, and for the adoption of a live channel', async () => {
		await office.store.execute(closeDesk, undefined);
		await open({ reach: 9000 });
		await office.store.execute(openDesk, { pageAddress: office.pageAddress, webhookAddress: office.pageAddress });
		expect(await ruleLinks(office.store)).toHaveLength(3);
		const live = await startOffice({ adopt: false });
		try {
			await live.store.execute(registerChannel, parseChannelSettings(officeFields({ reach: 9000 })));
			expect(await live.store.execute(requestRuleChanges, undefined)).toEqual({ requested: [] });
		} finally {
			await live.stop();
		}
	});

	describe('after somebody wrote into the database', () => {
		it.each([
			['its state', "UPDATE rule_change SET state = 'applied'"],
			['the proposal', 'UPDATE rule_change SET proposal_sealed = randomblob(200)'],
			['what it is known by', "UPDATE rule_change SET proposal_fingerprint = 'x'"],
			['what was in force', "UPDATE rule_change SET rules_before = 'x'"],
			['the mode before', "UPDATE rule_change SET mode_before = 'training'"],
			['its time', 'UPDATE rule_change SET proposed_at = 1'],
			['its seal', "UPDATE rule_change SET mac = ''"],
		])('are signed by nobody when %s was changed', async (_, sql) => {
			await open({ reach: 9000 });
			const link = first(await ruleLinks(office.store));
			await editByHand(office.store, sql);
			await expect(decideRules(office.store, link)).rejects.toMatchObject({ code: 'store.tampered' });
			expect((await inForce()).rules.reach).toBe(5000);
		});

		it('are not asked for with a row that was edited before, and the others are', async () => {
			await open({ reach: 9000 });
			await editByHand(office.store, "UPDATE rule_change SET mode_before = 'training'");
			expect(await office.store.execute(requestRuleChanges, undefined)).toEqual({ requested: [] });
			expect(await office.store.execute(claimNotices, undefined)).toEqual([]);
			await expect(open({ reach: 9000 })).rejects.toMatchObject({ code: 'store.tampered' });
		});

		it('are signed by nobody when a request for a message was led to them', async () => {
			const { links } = await office.ask((await office.draft()).id);
			await open({ reach: 9000 });
			await editByHand(office.store, 'UPDATE approval_request SET draft_id = NULL, rule_change_id = (SELECT id FROM rule_change)');
			await expect(office.store.execute(viewRuleChange, { token: links[0]?.token ?? '' })).rejects.toMatchObject({ code: 'store.tampered' });
		});
	});

	describe('an approver who is taken out', () => {
		it('loses every link at once, and the others keep theirs', async () => {
			const { links } = await office.ask((await office.draft()).id);
			const tokenOf = (name: string) => links.find(({ approver }) => approver.name === name)?.token ?? '';
			const channel = await open(without('Jo Hale'));
			expect(channel.rules.approvers.map(({ name }) => name)).toEqual(['Morgan Ellis', 'Priya Raman']);
			await expect(office.store.execute(viewRequest, { token: tokenOf('Jo Hale') })).rejects.toMatchObject({ code: 'approval.link' });
			await expect(office.store.execute(viewRequest, { token: tokenOf('Morgan Ellis') })).resolves.toBeDefined();
		});

		it('stays while the rules could not be met without them, and the refusal says so', async () => {
			await open({ signaturesNeeded: 3 });
			await expect(open({ ...without('Jo Hale'), signaturesNeeded: 2 })).rejects.toMatchObject({ code: 'channel.rules', message: expect.stringContaining('Jo Hale cannot be taken out') as string });
			expect((await inForce()).rules.approvers).toHaveLength(3);
			expect(await states()).toEqual([]);
		});

		it('whose new phone was signed loses the links to the old one', async () => {
			const moved = { approvers: { approver: three.approvers.approver.map((person) => (person.name === 'Jo Hale' ? { ...person, phone: '+44 7700 900909' } : person)) } };
			await open(moved);
			const links = await ruleLinks(office.store);
			await decideRules(office.store, first(links));
			await expect(office.store.execute(viewRuleChange, { token: links[2]?.token ?? '' })).rejects.toMatchObject({ code: 'approval.link' });
			await expect(office.store.execute(viewRuleChange, { token: links[1]?.token ?? '' })).resolves.toMatchObject({ state: 'approved' });
		});
	});
});

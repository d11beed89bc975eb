import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseChannelSettings } from '../../../core/channel/parseSettings';
import { registerChannel } from '../../../core/channel/registerChannel';
import { openDesk } from '../../../core/channel/deskAddress';
import { adoptChannel } from '../../../core/channel/adoptChannel';
import { channelFields, post, startCouncil, type Council } from '../../council/council';
import { startOffice, type Office } from '../../council/office';
import { signedIn, startIn } from '../../council/officeSteps';
import { quickKnobs } from '../../council/quickSandbox';
import { acceptedBy, sendInStep } from '../../council/sending';
import { signedDraft } from '../../council/signed';
import { draftGritting } from '../../council/steps';
import { editByHand, rows, within } from '../../council/tables';

const minute = 60_000;

describe('what keeps a broadcast from starting', () => {
	let office: Office;
	beforeEach(async () => {
		office = await startOffice();
	});
	afterEach(async () => {
		expect(await rows(office.store, 'SELECT 1 FROM broadcast UNION ALL SELECT 1 FROM delivery')).toEqual([]);
		await office.stop();
	});

	it('no sign-off, whatever lane it came from', async () => {
		const draft = await office.draft();
		await expect(startIn(office, draft)).rejects.toMatchObject({ code: 'approval.none', hint: expect.stringContaining('lane') as string });
		const { links } = await office.ask(draft.id);
		await expect(startIn(office, draft)).rejects.toMatchObject({ code: 'approval.none' });
		await office.decide(links[0]?.token ?? '', draft, { decision: 'reject', reason: 'No.' });
		await expect(startIn(office, draft)).rejects.toMatchObject({ code: 'approval.none' });
	});

	it('one signature of two', async () => {
		await office.change({ signaturesNeeded: 2 });
		const draft = await office.draft();
		const { links } = await office.ask(draft.id);
		await office.decide(links[0]?.token ?? '', draft);
		await expect(startIn(office, draft)).rejects.toMatchObject({ code: 'approval.none' });
	});

	it('a sign-off written by hand', async () => {
		const signed = await signedIn(office);
		const draft = await office.draft({ title: 'Another' });
		const { requestId } = await office.ask(draft.id);
		await editByHand(
			office.store,
			`INSERT INTO approval_grant SELECT 'by-hand', ?, ?, ?, rules_fingerprint, granted_at, mac FROM approval_grant WHERE draft_id = ?`,
			requestId,
			draft.id,
			draft.digest,
			signed.id,
		);
		await expect(startIn(office, draft)).rejects.toMatchObject({ code: 'store.tampered' });
	});

	it('a sign-off moved to another draft', async () => {
		const signed = await signedIn(office);
		const draft = await office.draft({ title: 'Another' });
		await editByHand(office.store, 'UPDATE approval_grant SET draft_id = ? WHERE draft_id = ?', draft.id, signed.id);
		await expect(startIn(office, draft)).rejects.toMatchObject({ code: 'store.tampered' });
	});

	it('a signed request whose state was changed by hand', async () => {
		const draft = await signedIn(office);
		await editByHand(office.store, "UPDATE approval_request SET state = 'rejected'");
		await expect(startIn(office, draft)).rejects.toMatchObject({ code: 'store.tampered' });
	});

	it.each([
		['more people', `INSERT INTO draft_recipient SELECT draft_id, 'somebody-else' FROM draft_recipient LIMIT 1`],
		['fewer people', 'DELETE FROM draft_recipient WHERE contact_id = (SELECT min(contact_id) FROM draft_recipient)'],
		['other people', "UPDATE draft_recipient SET contact_id = 'somebody-else' WHERE contact_id = (SELECT min(contact_id) FROM draft_recipient)"],
	])('%s than were signed for', async (_, edit) => {
		const draft = await signedIn(office);
		await editByHand(office.store, edit);
		await expect(startIn(office, draft)).rejects.toMatchObject({ code: 'draft.changed', message: expect.stringContaining('audience') as string });
	});

	it('a content changed after it was signed', async () => {
		const draft = await signedIn(office);
		await within(office.store, ({ sql }) => sql.run('DROP TRIGGER draft_is_immutable'));
		await editByHand(office.store, "UPDATE draft SET content = replace(content, 'Route 1', 'Route 9')");
		await expect(startIn(office, draft)).rejects.toMatchObject({ code: 'draft.changed' });
	});

	it.each([
		['rules', { reach: 4999 }, 'channel.rules'],
		['mode', { mode: 'training' }, 'channel.mode'],
	])('other %s than it was signed under', async (_, fields, code) => {
		const draft = await signedIn(office);
		await office.change(fields);
		await expect(startIn(office, draft)).rejects.toMatchObject({ code, message: expect.stringContaining('Aldersea alerts') as string });
	});

	it('a time outside its window', async () => {
		const from = office.clock.now() + 60 * minute;
		const draft = await signedIn(office, { notBefore: from, notAfter: from + 60 * minute });
		await expect(startIn(office, draft)).rejects.toMatchObject({ code: 'draft.window', message: expect.stringContaining('before') as string });
		office.clock.set(from + 60 * minute + 1);
		await expect(startIn(office, draft)).rejects.toMatchObject({ code: 'draft.window', message: expect.stringContaining('too late') as string });
	});

	it.each([-10, 10])('a clock %d minutes off from WhatsApp’s', async (off) => {
		const draft = await signedIn(office);
		await expect(startIn(office, draft, { serverDate: office.clock.now() - off * minute })).rejects.toMatchObject({
			code: 'clock.skew',
			message: expect.stringContaining(`10 minutes ${off > 0 ? 'ahead of' : 'behind'} WhatsApp`) as string,
			hint: expect.stringContaining('NTP') as string,
		});
	});

	it('an answer of WhatsApp without a time', async () => {
		const draft = await signedIn(office);
		await expect(startIn(office, draft, { serverDate: null })).rejects.toMatchObject({ code: 'clock.skew' });
	});

	it('a clock ten minutes behind the newest entry of the ledger', async () => {
		const draft = await signedIn(office);
		office.clock.advance(-10 * minute);
		await expect(startIn(office, draft)).rejects.toMatchObject({ code: 'clock.skew', message: expect.stringContaining('ledger') as string });
	});

	it.each([
		['text', { components: [{ type: 'BODY', text: 'Something else about {{routes}}.' }] }, {}, /text or buttons of template "gritting_notice"/],
		['category', { category: 'MARKETING' }, { category: 'MARKETING' }, /category of template "gritting_notice" changed at Meta from UTILITY to MARKETING/],
	])('another %s of its template at Meta', async (_, content, also, words) => {
		const draft = await signedIn(office);
		const templateContent = { ...draft.content.variants[0]!.templateContent, ...content };
		await expect(startIn(office, draft, { templateContent, ...also })).rejects.toMatchObject({ code: 'template.changed', message: expect.stringMatching(words) as string });
	});

	it('quiet hours', async () => {
		await office.change({ quietFrom: '00:00', quietTo: '23:59' });
		const noon = new Date(office.clock.now());
		office.clock.set(noon.setUTCHours(12, 0, 0, 0));
		await office.store.execute(openDesk, { pageAddress: office.pageAddress, webhookAddress: 'https://n8n.aldersea.example/webhook/whatsapp' });
		const draft = await signedIn(office);
		await expect(startIn(office, draft)).rejects.toMatchObject({ code: expect.stringMatching(/draft.window|clock.skew/) as string });
	});
});

describe('what keeps a broadcast from starting, as Meta tells it', () => {
	let council: Council;
	beforeEach(async () => {
		council = await startCouncil({ residents: 6, sandbox: { knobs: quickKnobs } });
	});
	afterEach(async () => {
		expect(acceptedBy(council).size).toBe(0);
		await council.stop();
	});

	it.each([
		['a new text', { body: 'We grit {{routes}} at {{time}}. {{note}} Mind how you go on the way.' }, 'template.changed', /gritting_notice/],
		['another category', { category: 'MARKETING' }, 'template.changed', /from UTILITY to MARKETING/],
		['a pause', { status: 'PAUSED' }, 'template.unknown', /gritting_notice.*paused/],
		['a rejection', { status: 'REJECTED', reason: 'ABUSIVE_CONTENT' }, 'template.unknown', /gritting_notice.*rejected/],
	])('%s of the template since the draft', async (_, fields, code, words) => {
		const { id } = await signedDraft(council);
		await post(`${council.sandbox.admin}/templates`, { name: 'gritting_notice', ...fields });
		await expect(sendInStep(council, id)).rejects.toMatchObject({ code, message: expect.stringMatching(words) as string, hint: expect.stringMatching(/Nothing was sent/) as string });
	});

	it.each([-600_000, 600_000])('a clock that is %d ms off from the Date of Meta’s answers', async (skewMs) => {
		const { id } = await signedDraft(council);
		await post(`${council.sandbox.admin}/clock`, { skewMs });
		await expect(sendInStep(council, id)).rejects.toMatchObject({ code: 'clock.skew' });
	});

	it('a draft of another channel', async () => {
		const { id } = await signedDraft(council);
		const other = parseChannelSettings(channelFields(council.sandbox, { phoneNumberId: '106540352242999', channelName: 'Waste' }));
		await council.store.execute(registerChannel, other);
		await council.store.execute(adoptChannel, { channelId: other.id, operator: 'Test' });
		await expect(sendInStep(council, id, { channelId: other.id })).rejects.toMatchObject({ code: 'draft.changed', message: expect.stringContaining('another channel') as string });
	});

	it('no draft, or one that nobody signed', async () => {
		await expect(sendInStep(council, '')).rejects.toMatchObject({ code: 'draft.unknown' });
		const { id } = await draftGritting(council);
		await expect(sendInStep(council, id)).rejects.toMatchObject({ code: 'approval.none' });
	});
});

describe('training', () => {
	it('reaches the approvers and no resident', async () => {
		const council = await startCouncil({
			residents: 6,
			adopt: false,
			sandbox: { knobs: quickKnobs },
			// The approver Morgan Ellis is a resident too.
			channel: { mode: 'training', approvers: { approver: [{ name: 'Morgan Ellis', email: 'm@aldersea.example', phone: '+447700900901' }, { name: 'Priya Raman', email: 'p@aldersea.example', phone: '+447700900003' }] } },
		});
		try {
			const { id } = await signedDraft(council, { audience: { topic: 'Winter roads', areas: null } });
			const sent = await sendInStep(council, id);
			expect(sent).toMatchObject({ totals: { recipients: 6, accepted: 1, notSent: 5 }, reasons: [{ outcome: 'not-sent', reason: 'training', count: 5 }] });
			expect(acceptedBy(council).size).toBe(0);
			expect(council.sandbox.residents.find('447700900003')?.accepted).toBe(2);
		} finally {
			await council.stop();
		}
	});
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requestSignOff, type RequestedSignOff } from '../../../core/approval/requestSignOff';
import { readOutcome } from '../../../core/approval/outcome';
import { registerChannel } from '../../../core/channel/registerChannel';
import { readEntries } from '../../../core/ledger/readEntries';
import type { CreatedDraft } from '../../../core/message/createDraft';
import { codeOn } from '../../council/codes';
import { post, startCouncil, type Council, type CouncilOptions } from '../../council/council';
import { draftGritting } from '../../council/steps';
import { acts, rows } from '../../council/tables';

const morgan = '+447700900901';
const priya = '+447700900902';

describe('confirming by code on the page', () => {
	let council: Council;
	let draft: CreatedDraft;
	let request: RequestedSignOff;
	let link: string;

	async function begin(options: CouncilOptions = {}, links: 'private' | 'locator' = 'locator'): Promise<void> {
		council = await startCouncil({ residents: 3, ...options });
		draft = await draftGritting(council);
		request = await council.store.execute(requestSignOff, {
			draftId: draft.id,
			channelId: council.settings.id,
			ask: [],
			decideWithinHours: null,
			links,
			executionId: '1',
			resumeUrl: 'http://127.0.0.1:9/webhook-waiting/1/gate?signature=0',
		});
		link = `${council.deskUrl}/desk/${request.links[0]?.token ?? ''}`;
	}
	beforeEach(() => begin());
	afterEach(() => council.stop());

	const page = async (at = link) => (await fetch(at)).text();
	const submit = (form: Record<string, string>, at = link) => fetch(at, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
	const askForCode = (at = link) => submit({ send: 'code' }, at);
	const approve = (code?: string, at = link) =>
		submit({ decision: 'approve', digest: draft.digest, understood: String(draft.content.audience.count), ...(code === undefined ? {} : { code }) }, at);
	const messagesTo = (phone: string) => council.sandbox.residents.find(phone.replace('+', ''))?.accepted ?? 0;
	const outcome = () => council.store.execute(readOutcome, { requestId: request.requestId });
	const otherThan = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

	it('offers a button, and by GET sends nothing, whatever stands in the address', async () => {
		const shown = await page();
		expect(shown).toContain('Confirm it is you');
		expect(shown).toContain('Send me a code');
		expect(shown).toMatch(/<input[^>]* name="code"[^>]* inputmode="numeric"[^>]* autocomplete="one-time-code"/);
		for (const query of ['?send=code', '?send=code&code=1']) expect((await fetch(link + query)).status).toBe(200);
		await fetch(link, { method: 'HEAD' });
		expect(messagesTo(morgan)).toBe(0);
		expect(await rows(council.store, 'SELECT 1 FROM approval_code')).toEqual([]);
	});

	it('sends a code to the approver’s own phone, shows when, and takes the decision with it', async () => {
		const answer = await askForCode();
		expect([answer.status, answer.headers.get('location')]).toEqual([303, `${request.links[0]?.token}#confirm`]);
		const code = await codeOn(council.sandbox, morgan);
		expect(code).toMatch(/^\d{6}$/);
		expect(messagesTo(priya)).toBe(0);
		const shown = await page();
		expect(shown).toContain('We sent a code with six digits to your WhatsApp at');
		expect(shown).toContain('Send me a new code');
		expect(shown).not.toContain(code);
		expect(shown).not.toMatch(/7700\W?900/);
		expect((await approve(code)).status).toBe(303);
		expect(await outcome()).toMatchObject({ state: 'approved', decisions: [{ by: 'Morgan Ellis', confirmedBy: 'code' }] });
		expect(await page()).not.toContain('Confirm it is you');
		expect(await acts(council.store)).toEqual(expect.arrayContaining(['approval.code-sent', 'approval.decide']));
	});

	it('decides nothing without the code, with a wrong one, or with that of somebody else', async () => {
		expect((await approve()).status).toBe(422);
		expect((await approve('123456')).status).toBe(422);
		const priyas = `${council.deskUrl}/desk/${request.links[1]?.token ?? ''}`;
		await askForCode();
		await askForCode(priyas);
		const [mine, theirs] = [await codeOn(council.sandbox, morgan), await codeOn(council.sandbox, priya)];
		const wrong = await approve(mine === theirs ? otherThan(mine) : theirs);
		expect(wrong.status).toBe(422);
		expect(await wrong.text()).toContain('That is not the code we sent you last.');
		expect(await outcome()).toMatchObject({ state: 'pending', decisions: [] });
	});

	it('lets one of two POSTs with the same code decide', async () => {
		await askForCode();
		const code = await codeOn(council.sandbox, morgan);
		const answers = await Promise.all([approve(code), approve(code), approve(code)]);
		expect(answers.map(({ status }) => status).sort()).toEqual([303, 409, 409]);
		expect((await outcome()).decisions).toHaveLength(1);
	});

	it('sends one code for a button that is pressed twice', async () => {
		expect((await Promise.all([askForCode(), askForCode(), askForCode()])).map(({ status }) => status)).toEqual([303, 303, 303]);
		await council.sandbox.idle();
		expect(messagesTo(morgan)).toBe(1);
	});

	it('says when no more codes are sent for now', async () => {
		for (let i = 0; i < 3; i++) {
			expect((await askForCode()).status).toBe(303);
			council.clock.advance(60_000);
		}
		const answer = await askForCode();
		expect(answer.status).toBe(429);
		expect(await answer.text()).toContain('3 codes were made for you within an hour');
		expect(messagesTo(morgan)).toBe(3);
	});

	it('shows no forms any more to somebody who is locked out, and says who can go on', async () => {
		for (let round = 0; round < 2; round++) {
			await askForCode();
			const code = await codeOn(council.sandbox, morgan);
			for (let i = 0; i < 5; i++) await approve(otherThan(code));
			council.clock.advance(60_000);
		}
		expect((await approve('123456')).status).toBe(403);
		expect((await askForCode()).status).toBe(403);
		const shown = await page();
		expect(shown).toContain('Too many wrong codes');
		expect(shown).not.toContain('<form');
		expect(await page(`${council.deskUrl}/desk/${request.links[1]?.token ?? ''}`)).toContain('Approve and send');
	});

	it('needs a link that is one', async () => {
		for (const token of ['x', 'A'.repeat(43), request.links[0]?.token.slice(1) ?? '']) expect((await askForCode(`${council.deskUrl}/desk/${token}`)).status).toBe(404);
	});

	it('asks for none where the link came from us alone, unless the rules do', async () => {
		await council.stop();
		await begin({}, 'private');
		expect(await page()).not.toContain('name="code"');
		expect((await askForCode()).status).toBe(422);
		expect((await approve()).status).toBe(303);
		await council.stop();
		await begin({ channel: { confirmByCode: true } }, 'private');
		expect((await approve()).status).toBe(422);
		await askForCode();
		expect((await approve(await codeOn(council.sandbox, morgan))).status).toBe(303);
	});

	it.each([
		['does not exist', { codeTemplate: 'no_such_template' }, undefined, /no_such_template/],
		['is none for codes', { codeTemplate: 'civic_report' }, undefined, /utility, not authentication/],
		['is paused', {}, { name: 'civic_confirmation_code', status: 'PAUSED' }, /paused/],
	])('says so when the template %s, and costs nobody a code', async (_, channel, change, words) => {
		await council.stop();
		await begin({ channel });
		if (change !== undefined) await post(`${council.sandbox.admin}/templates`, change);
		for (let i = 0; i < 4; i++) {
			const answer = await askForCode();
			expect(answer.status).toBe(503);
			const told = await answer.text();
			expect(told).toMatch(words);
			expect(told).toContain('Template: Submit');
		}
		expect(messagesTo(morgan)).toBe(0);
	});

	it.each([[131026], [131056], [190], [133010]])('says so when WhatsApp does not take it (%s), keeps quiet about the code, and lets them try again', async (code) => {
		await post(`${council.sandbox.admin}/faults`, { kind: 'graph-error', code, to: morgan, times: 1 });
		const answer = await askForCode();
		expect(answer.status).toBe(503);
		const told = await answer.text();
		expect(told).toContain('WhatsApp did not take the code');
		expect(told).not.toMatch(/7700\W?900/);
		expect((await acts(council.store)).slice(-2)).toEqual(['notice.send', 'approval.code-sent']);
		await askForCode();
		expect((await approve(await codeOn(council.sandbox, morgan))).status).toBe(303);
	});

	it('reaches nobody whom the rules no longer name', async () => {
		await council.store.execute(registerChannel, {
			...council.settings,
			rules: { ...council.settings.rules, approvers: council.settings.rules.approvers.filter(({ phone }) => phone !== morgan) },
		});
		// Taking somebody out of the rules voids their links.
		expect((await askForCode()).status).toBe(404);
		expect(messagesTo(morgan)).toBe(0);
	});

	it('leaves the code nowhere but on the phone', async () => {
		await askForCode();
		const code = await codeOn(council.sandbox, morgan);
		await approve(otherThan(code));
		const entries = await council.store.execute(readEntries, { act: null, resourceId: null, before: null, limit: 500, withDetails: true });
		const tables = await rows<{ name: string }>(council.store, "SELECT name FROM sqlite_master WHERE type = 'table'");
		const whole = new RegExp(`(?<![0-9A-Za-z])${code}(?![0-9A-Za-z])`);
		for (const { name } of tables) expect([name, whole.test(JSON.stringify(await rows(council.store, `SELECT * FROM ${name}`)))]).toEqual([name, false]);
		expect(JSON.stringify(entries)).not.toMatch(whole);
	});
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { notifyApprovers, readSignOffTemplate, requireDeskButton } from '../../../core/approval/notifyApprovers';
import { requestSignOff } from '../../../core/approval/requestSignOff';
import type { Template } from '../../../core/whatsapp/template';
import { post, startCouncil, type Council } from '../../council/council';
import { draftGritting, linksOn } from '../../council/steps';

describe('bringing the links to the approvers', () => {
	let council: Council;
	let template: Template;
	beforeEach(async () => {
		council = await startCouncil({ residents: 3 });
		template = await readSignOffTemplate(council.api, council.settings.rules);
	});
	afterEach(() => council.stop());

	const page = () => `${council.deskUrl}/desk/`;
	const withButtons = (...urls: string[]): Template => ({
		...template,
		components: [...template.components.filter(({ type }) => type !== 'BUTTONS'), { type: 'BUTTONS', buttons: urls.map((url) => ({ type: 'URL', text: 'Read', url })) }] as Template['components'],
	});
	const withBody = (text: string): Template => ({ ...template, components: template.components.map((part) => (part.type === 'BODY' ? { ...part, text } : part)) });
	const apiWith = (changed: Template) => ({ ...council.api, getTemplate: () => Promise.resolve({ value: changed }) });
	async function request(title = 'Gritting tonight') {
		const { id: draftId } = await draftGritting(council, { title });
		return council.store.execute(requestSignOff, { draftId, channelId: council.settings.id, ask: [], decideWithinHours: null, executionId: '1', resumeUrl: 'http://127.0.0.1:9/' });
	}

	it('gives each their own, on their own phone', async () => {
		const asked = await request();
		expect(await notifyApprovers(council, council.settings, template, asked)).toEqual({ reached: ['Morgan Ellis', 'Priya Raman'], missed: [] });
		await council.sandbox.idle();
		for (const { token, approver } of asked.links) expect(linksOn(council, approver.phone)).toEqual([`${page()}${token}`]);
	});

	it.each([
		['leads to another host', (own: string) => [own.replace('127.0.0.1', '127.0.0.2') + '{{1}}']],
		['leads to another path', (own: string) => [`${own}other/{{1}}`]],
		['has nothing to fill in', (own: string) => [own]],
		['fills in the host', () => ['https://{{1}}']],
		['leads elsewhere beside the right one', (own: string) => [`${own}{{1}}`, 'https://evil.example/{{1}}']],
		['is not there', () => []],
	])('is refused by a template whose button %s', async (_, urls) => {
		const wrong = withButtons(...urls(page()));
		expect(() => requireDeskButton(wrong, page())).toThrow(/no button that opens this desk|leads elsewhere/);
		const asked = await request();
		const before = council.sandbox.accepted.total;
		await expect(notifyApprovers(council, council.settings, wrong, asked)).rejects.toMatchObject({ code: 'template.parameters' });
		expect(council.sandbox.accepted.total).toBe(before);
	});

	it('takes a template that has a plain link beside the right one', () => {
		expect(() => requireDeskButton(withButtons(`${page()}{{1}}`, 'https://aldersea.example/help'), page())).not.toThrow();
	});

	it.each([
		['asks for what the gate does not know', '{{service}} asks {{mayor}} about {{title}}', /Mayor/],
		['asks for more than there is', '{{1}} {{2}} {{3}} {{4}} {{5}} {{6}}', /Value 6/],
	])('is refused before there is a request by a template that %s', async (_, body, words) => {
		const wrong = withBody(body);
		if (body.startsWith('{{1}}')) wrong.parameterFormat = 'POSITIONAL';
		await expect(readSignOffTemplate(apiWith(wrong), council.settings.rules)).rejects.toMatchObject({ code: 'template.parameters', message: expect.stringMatching(words) as string });
	});

	it('is refused before there is a request by a template with a picture, or one that Meta has paused', async () => {
		const picture = { ...template, components: [{ type: 'HEADER', format: 'IMAGE' }, ...template.components.filter(({ type }) => type !== 'HEADER')] as Template['components'] };
		await expect(readSignOffTemplate(apiWith(picture), council.settings.rules)).rejects.toMatchObject({ code: 'template.parameters' });
		await post(`${council.sandbox.admin}/templates`, { name: 'civic_sign_off_request', status: 'PAUSED' });
		await expect(readSignOffTemplate(council.api, council.settings.rules)).rejects.toMatchObject({ code: 'template.unknown' });
	});

	it('gets a title of emoji and odd spaces through', async () => {
		const asked = await request(`${'🚜'.repeat(80)} \u2028 Gritting  tonight`);
		expect(await notifyApprovers(council, council.settings, template, asked)).toMatchObject({ missed: [] });
	});

	it('names those whom WhatsApp did not reach, and why', async () => {
		await post(`${council.sandbox.admin}/faults`, { kind: 'graph-error', code: 131026, to: '+447700900901' });
		const notified = await notifyApprovers(council, council.settings, template, await request());
		expect(notified).toMatchObject({ reached: ['Priya Raman'], missed: [{ name: 'Morgan Ellis', why: expect.stringContaining('WhatsApp') as string }] });
	});

	it('writes to nobody whom the rules do not name', async () => {
		const asked = await request();
		const stranger = { ...asked, links: asked.links.map((link) => ({ ...link, approver: { ...link.approver, phone: '+447700900111' } })) };
		const before = council.sandbox.accepted.total;
		await expect(notifyApprovers(council, council.settings, template, stranger)).rejects.toMatchObject({ code: 'channel.rules' });
		expect(council.sandbox.accepted.total).toBe(before);
	});
});

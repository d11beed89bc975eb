import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeskResponse } from '../../../core/desk/deskResponse';
import { expireRequests } from '../../../core/approval/expire';
import { recordResults, type RequestResult } from '../../../core/dispatch/recordResults';
import type { NewDraft } from '../../../core/message/createDraft';
import { newDraft, startOffice, type Office } from '../../council/office';
import { claimIn, deskIn, deskRequest, startIn, statusBody, webhook } from '../../council/officeSteps';

describe('the sign-off page', () => {
	let office: Office;
	beforeEach(async () => {
		office = await startOffice();
	});
	afterEach(() => office.stop());

	const get = (token: string): Promise<DeskResponse> => deskIn(office).page(deskRequest({ token }));
	const post = (token: string, form: Record<string, string>): Promise<DeskResponse> => deskIn(office).page(deskRequest({ method: 'POST', token, form }));
	async function asked(changes: Partial<NewDraft> = {}) {
		const draft = await office.draft(changes);
		const request = await office.ask(draft.id);
		const [token = '', other = ''] = request.links.map((link) => link.token);
		return { draft, request, token, other };
	}

	it('may run nothing, load nothing, be framed by nobody, be kept by nobody and tell nobody where it was', async () => {
		const { headers, body } = await get((await asked()).token);
		const policy = headers['content-security-policy'] ?? '';
		expect(policy).toContain("default-src 'none'");
		expect(policy).toContain("frame-ancestors 'none'");
		expect(policy).toContain("base-uri 'none'");
		expect(policy).toContain("form-action 'self'");
		expect(policy).not.toMatch(/script-src|unsafe|https?:|\*|allow-scripts/);
		expect(headers).toMatchObject({
			'cache-control': 'no-store',
			'referrer-policy': 'no-referrer',
			'x-content-type-options': 'nosniff',
			'x-frame-options': 'DENY',
			'x-robots-tag': expect.stringContaining('noindex') as string,
			'content-type': 'text/html; charset=utf-8',
		});
		expect(headers).not.toHaveProperty('set-cookie');
		const style = /<style>([\s\S]*?)<\/style>/.exec(body)?.[1] ?? '';
		expect(policy).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
		expect(body).not.toMatch(/<script|\son\w+=|style=|src=/i);
	});

	it('shows all of the message, who gets it, when, what it costs, who asks, and the number to tick', async () => {
		const { draft, token } = await asked({ contributors: [{ name: 'Al Reed', email: null, phone: null }], feed: { source: 'Open-Meteo', id: 'a-1', time: '2026-11-20T12:00Z', hash: 'ab' } });
		const { body } = await get(token);
		for (const words of ['We grit Route 1 tonight.', 'Gritting tonight', 'Highways', 'Sam Okafor', 'Al Reed', 'Morgan Ellis', '2 people', 'Route 1', '£0.03', draft.digest, 'Open-Meteo', 'Aldersea alerts']) {
			expect(body).toContain(words);
		}
	});

	it('shows the number that a call button dials, which the signature covers too', async () => {
		const { token } = await asked({ rendered: { header: null, body: 'Ring us.', footer: null, buttons: [{ kind: 'phone_number', text: 'Ring the council', phone: '+441632960001' }] } });
		expect((await get(token)).body).toMatch(/Ring the council<\/bdi>\s*<bdi[^>]*>\+441632960001/);
	});

	it('writes every field as text, whatever markup is in it', async () => {
		const evil = (field: string) => `<img src=x onerror=alert("${field}")>'"&amp;`;
		await office.change({ channelName: evil('channel'), services: { service: [{ name: evil('s').slice(0, 60) }] } });
		const { token, other } = await asked({
			service: evil('s').slice(0, 60),
			title: evil('title'),
			rendered: { header: evil('header'), body: evil('body'), footer: evil('footer'), buttons: [{ kind: 'url', text: evil('button'), url: `https://a.example/${evil('url')}` }] },
			variant: { ...newDraft(office.settings.id).variant, contentLanguage: '"><script>' },
			requester: { name: evil('requester'), email: null, phone: null },
			contributors: [{ name: evil('contributor'), email: null, phone: null }],
			feed: { source: evil('source'), id: evil('id'), time: evil('time'), hash: 'ab' },
			warnings: [evil('warning')],
		});
		const refused = await post(token, { decision: 'reject', digest: '', reason: evil('reason') });
		await post(other, { decision: 'reject', digest: /name="digest" value="(\w+)"/.exec((await get(other)).body)?.[1] ?? '', reason: evil('reason') });
		const pages = [refused.body, (await get(token)).body, (await get(other)).body];
		for (const page of pages) {
			expect(page).not.toMatch(/<(img|script)/i);
			expect(page).not.toMatch(/<[^>]*onerror/i);
			expect(page).not.toContain('lang=""');
		}
		for (const field of ['channel', 'title', 'header', 'body', 'footer', 'button', 'url', 'requester', 'contributor', 'source', 'id', 'time', 'warning', 'reason']) {
			expect(pages.join('')).toContain(`&lt;img src=x onerror=alert(&quot;${field}&quot;)&gt;`);
		}
	});

	it('lets no mark of writing direction turn around what stands beside it', async () => {
		const turn = (text: string) => `\u202E${text}\u2067`;
		const { token } = await asked({
			title: turn('title'),
			rendered: { header: turn('header'), body: turn('body'), footer: turn('footer'), buttons: [{ kind: 'quick_reply', text: turn('button') }] },
			requester: { name: turn('requester'), email: null, phone: null },
			contributors: [{ name: turn('contributor'), email: null, phone: null }],
			warnings: [turn('warning')],
			feed: { source: turn('source'), id: turn('id'), time: turn('time'), hash: 'ab' },
		});
		const { body } = await get(token);
		const main = body.slice(body.indexOf('<main'));
		// Isolated text ends its own marks (HTML, "the bdi element"); anything outside has none.
		const outside = main.replace(/<bdi[^>]*>[\s\S]*?<\/bdi>/g, '');
		expect(outside).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
		expect(main.match(/\u202E/g)?.length).toBeGreaterThanOrEqual(9);
	});

	it('answers a wrong decision with what is wrong and the form again', async () => {
		const { draft, token } = await asked();
		const form = { decision: 'approve', digest: draft.digest, reason: '', understood: '2' };
		expect(await post(token, { ...form, understood: '' })).toMatchObject({ status: 422, body: expect.stringContaining('Tick that you understand') as string });
		expect(await post(token, { ...form, decision: 'reject' })).toMatchObject({ status: 422, body: expect.stringContaining('Say why') as string });
		expect(await post(token, { ...form, digest: '0'.repeat(64) })).toMatchObject({ status: 409, body: expect.stringContaining('Approve and send') as string });
		expect(await post(token, { ...form, decision: 'both' })).toMatchObject({ status: 400 });
	});

	it('answers a decision with a way back to the page, and a replay of it with 409 and what was decided', async () => {
		const { draft, token, other } = await asked();
		const form = { decision: 'approve', digest: draft.digest, reason: '', understood: '2' };
		const decided = await post(token, form);
		expect(decided).toMatchObject({ status: 303, headers: { location: token } });
		for (const again of [await post(token, form), await post(other, form), await post(token, { ...form, decision: 'reject', reason: 'No.' })]) {
			expect(again.status).toBe(409);
			expect(again.body).toContain('Approved');
			expect(again.body).not.toContain('Approve and send');
		}
	});

	it.each([
		['rules', { signaturesNeeded: 2 }],
		['mode', { mode: 'training' }],
	])('says that the %s changed, with 409', async (_, fields) => {
		const { draft, token } = await asked();
		await office.change(fields);
		expect(await post(token, { decision: 'approve', digest: draft.digest, understood: '2' })).toMatchObject({ status: 409, body: expect.stringContaining('Nothing was decided') as string });
	});

	it('is the same for every link that is none, and says nothing about what exists', async () => {
		const { token } = await asked();
		const wrong = await Promise.all([get(''), get(token.slice(1)), get(`${token}${token}`), get('A'.repeat(43)), post('A'.repeat(43), { decision: 'approve', digest: 'x' })]);
		expect(new Set(wrong.map(({ body }) => body)).size).toBe(1);
		expect(wrong.every(({ status }) => status === 404)).toBe(true);
		expect(wrong[0]?.body).not.toContain('Gritting');
	});

	it('keeps showing what happened: expired, replaced, rejected', async () => {
		const first = await asked();
		office.clock.set(first.request.expiresAt);
		expect((await get(first.token)).body).toMatch(/Time is up/);
		await office.store.execute(expireRequests, undefined);
		expect((await get(first.token)).body).toMatch(/Time is up/);
	});

	it('keeps showing what happened after approval, with the totals of the broadcast', async () => {
		const { draft, token, other } = await asked();
		await office.decide(token, draft);
		expect((await get(other)).body).toContain('Sending starts within moments');
		const run = await startIn(office, draft);
		const { deliveries } = await claimIn(office, run);
		expect(await get(other)).toMatchObject({ body: expect.stringContaining('0 of 2 people') as string });
		await office.store.execute(recordResults, {
			...run,
			results: deliveries.map(({ id }, i): RequestResult => (i === 0 ? { id, outcome: 'accepted', messageId: 'wamid.1' } : { id, outcome: 'uncertain', reason: 'no-clear-answer' })),
		});
		await webhook(deskIn(office), statusBody(office.settings.id, [{ status: 'read', at: office.clock.now() }]), 'office-app-secret');
		const later = (await get(token)).body.replace(/\s+/g, ' ');
		expect(later).toContain('2 of 2 people');
		for (const [name, count] of [['Accepted by WhatsApp', 1], ['Delivered', 1], ['Read', 1], ['Uncertain', 1], ['Not sent', 0]] as const) {
			expect(later).toMatch(new RegExp(`<th scope="row"[^>]*>${name}</th><td[^>]*>${count}</td>`));
		}
	});

	it('says after approval when a message for later goes out, and that one which nobody sent in its time was not sent', async () => {
		const now = office.clock.now();
		const { draft, token } = await asked({ notBefore: now + 3600_000, notAfter: now + 2 * 3600_000 });
		await office.decide(token, draft);
		const ahead = await get(token);
		expect(ahead.body).toContain('The message is signed. It goes out from ');
		expect(ahead.body).not.toContain('within moments');
		office.clock.set(now + 3600_000);
		expect((await get(token)).body).toContain('Sending starts within moments');
		office.clock.set(now + 2 * 3600_000 + 1);
		const over = await get(token);
		expect(over.body).toContain('It was not sent in its time');
		expect(over.body).not.toContain('within moments');
		for (const { body } of [ahead, over]) expect(body).not.toContain('?live=on');
	});

	it('takes a reason of as many characters as its field does, line breaks sent as two included', async () => {
		const { draft, token, other } = await asked();
		const reason = 'Route 2 is closed.\r\n'.repeat(105).trim();
		expect([reason.length > 2000, reason.replaceAll('\r\n', '\n').length <= 2000]).toEqual([true, true]);
		expect(await post(token, { decision: 'reject', digest: draft.digest, reason })).toMatchObject({ status: 303 });
		expect((await get(other)).body).toContain('Route 2 is closed.\nRoute 2 is closed.');
	});

	it('answers a megabyte of reason in words, and gives back as much of it as may be sent', async () => {
		const { draft, token } = await asked();
		for (const part of ['<b>&\'"', '\u202E🙂', 'x']) {
			const answer = await post(token, { decision: 'reject', digest: draft.digest, reason: part.repeat(1_000_000 / part.length) });
			expect(answer).toMatchObject({ status: 422, body: expect.stringMatching(/There is a problem[^]*The reason has \d+ characters; 2000 are allowed\.[^]*<details[^>]* open>/) as string });
			expect(answer.body.length).toBeLessThan(80_000);
			const typed = /<textarea[^>]*id="reason"[^>]*>\n([^]*?)<\/textarea>/.exec(answer.body)?.[1] ?? '';
			expect(typed.length).toBeGreaterThanOrEqual(1999);
			expect(typed).not.toContain('<');
			expect(Buffer.from(typed).toString()).toBe(typed);
		}
		expect((await get(token)).body).toContain('Approve and send');
	});

	it('points at what to mend: the tick, or the words', async () => {
		const { draft, token } = await asked();
		expect((await post(token, { decision: 'approve', digest: draft.digest })).body).toMatch(/<a href="#understood">/);
		expect((await post(token, { decision: 'reject', digest: draft.digest, reason: ' ' })).body).toMatch(/<a href="#reason">/);
		const changed = await post(token, { decision: 'reject', digest: '0'.repeat(64), reason: 'Route 2 is closed.' });
		expect(changed.body).toMatch(/<details[^>]* open>[^]*Route 2 is closed\.<\/textarea>/);
	});

	it('loads itself again for a person who asked, while it is being sent, and leads back by addresses of its own', async () => {
		const { draft, token } = await asked();
		await office.decide(token, draft);
		expect((await get(token)).headers).not.toHaveProperty('refresh');
		const live = await deskIn(office).page(deskRequest({ token, query: { live: 'on' } }));
		expect(live.headers).toMatchObject({ refresh: '5' });
		expect([...live.body.matchAll(/(?:href|action)="([^"]*)"/g)].map(([, link]) => link)).toEqual(['#main', '?']);
	});

	it('says 503 with words, not 404, when its rows were edited by hand', async () => {
		const { token } = await asked();
		await office.store.execute({ name: 'test.edit', access: 'write', run: ({ sql }) => sql.run('UPDATE approval_request SET signatures_needed = 0') }, undefined);
		expect(await get(token)).toMatchObject({ status: 503, body: expect.stringContaining('does not match its seal') as string });
	});
});

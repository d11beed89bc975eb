import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { readDefinition } from '../../../apps/sandbox/templates/definition';
import { seedTemplates } from '../../../apps/sandbox/templates/seeds';
import { admin, graph, grittingNotice, send } from './callSandbox';
import { WebhookReceiver } from './webhookReceiver';

let sandbox: Sandbox;
let receiver: WebhookReceiver;
beforeAll(async () => {
	receiver = new WebhookReceiver();
	sandbox = await startSandbox({ seed: 1 });
	await sandbox.target.accept(await receiver.start());
});
beforeEach(() => {
	sandbox.reset();
	receiver.received.length = 0;
});
afterAll(async () => {
	await sandbox.stop();
	await receiver.stop();
});

const edge = (): string => `v25.0/${sandbox.businessAccountId}/message_templates`;

describe('the list', () => {
	it('has more than one page by default, and following next finds every template once', async () => {
		const names: unknown[] = [];
		let pages = 0;
		for (let next: string | undefined = edge(); next; pages++) {
			const { body } = await graph(sandbox, 'GET', next);
			names.push(...(body.data ?? []).map(({ name }) => name));
			expect(body.data?.length).toBeLessThanOrEqual(25);
			next = body.paging?.next;
		}
		expect(pages).toBe(2);
		expect(names).toEqual(seedTemplates().map(({ definition }) => definition.name));
	});

	it('pages by limit and after, and says before and next only where there are any', async () => {
		const first = await graph(sandbox, 'GET', `${edge()}?limit=3&fields=name`);
		const second = await graph(sandbox, 'GET', `${edge()}?limit=3&fields=name&after=${first.body.paging?.cursors.after}`);
		expect(first.body.data).toHaveLength(3);
		expect(first.body.paging).not.toHaveProperty('previous');
		expect(new Set([...(first.body.data ?? []), ...(second.body.data ?? [])].map(({ id }) => id)).size).toBe(6);
		const all = await graph(sandbox, 'GET', `${edge()}?limit=500`);
		expect(all.body.paging).not.toHaveProperty('next');
		expect(all.body.data?.length).toBeGreaterThanOrEqual(30);
	});

	it('refuses a limit or cursor that is none', async () => {
		for (const query of ['limit=0', 'limit=x', 'after=bm9uc2Vuc2U']) expect((await graph(sandbox, 'GET', `${edge()}?${query}`)).body.error?.code).toBe(100);
	});

	it('filters by name, status, category and language', async () => {
		const names = async (query: string): Promise<unknown[]> => ((await graph(sandbox, 'GET', `${edge()}?limit=100&${query}`)).body.data ?? []).map(({ name }) => name);
		expect(await names('name=civic_report')).toEqual(['civic_report']);
		expect(await names('status=PAUSED')).toEqual(['gritting_paused_example']);
		expect(await names('status=["PAUSED","DISABLED"]')).toHaveLength(2);
		expect(await names('language=cy')).toEqual([]);
		expect(await names('category=MARKETING&status=APPROVED')).toContain('summer_festival');
	});

	it('shows a template as its definition, with quality and reason only when asked', async () => {
		const { body } = await graph(sandbox, 'GET', `${edge()}?name=gritting_notice&limit=1`);
		expect(body.data?.[0]).toMatchObject({ name: 'gritting_notice', language: 'en_GB', status: 'APPROVED', category: 'UTILITY', parameter_format: 'NAMED', id: expect.stringMatching(/^\d+$/) });
		expect(body.data?.[0]).not.toHaveProperty('quality_score');
		expect(body.data?.[0]).not.toHaveProperty('layout');
		const asked = await graph(sandbox, 'GET', `${edge()}?name=gritting_rejected_example&fields=status,rejected_reason,quality_score`);
		expect(asked.body.data?.[0]).toMatchObject({ status: 'REJECTED', rejected_reason: 'PROMOTIONAL', quality_score: { score: expect.any(String) } });
	});

	it('leads to each template by its id', async () => {
		const { body } = await graph(sandbox, 'GET', `${edge()}?limit=1`);
		const template = await graph(sandbox, 'GET', `v25.0/${String(body.data?.[0]?.id)}?fields=name,health_status`);
		expect(template.body).toMatchObject({ name: body.data?.[0]?.name, health_status: { can_send_message: 'AVAILABLE' } });
	});
});

it('every template the sandbox starts with keeps Meta’s own limits', () => {
	// Meta writes the words of those for codes itself.
	for (const { definition } of seedTemplates()) if (definition.category !== 'AUTHENTICATION') expect(readDefinition(definition)).toEqual(definition);
});

describe('a template for one-time codes', () => {
	const ofCodes = (components: unknown[]) => ({ name: 'library_code', language: 'en_GB', category: 'AUTHENTICATION', components });
	const body = { type: 'body', add_security_recommendation: true };
	const button = { type: 'buttons', buttons: [{ type: 'otp', otp_type: 'copy_code', text: 'Copy it' }] };

	it('gets Meta’s words, and a link for its button', () => {
		expect(readDefinition(ofCodes([body, { type: 'footer', code_expiration_minutes: 5 }, button])).components).toEqual([
			{ type: 'BODY', text: '*{{1}}* is your verification code. For your security, do not share this code.', add_security_recommendation: true, example: { body_text: [['123456']] } },
			{ type: 'FOOTER', text: 'This code expires in 5 minutes.', code_expiration_minutes: 5 },
			{ type: 'BUTTONS', buttons: [expect.objectContaining({ type: 'URL', text: 'Copy it', url: 'https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code_expiration_minutes=5&code=otp{{1}}' })] },
		]);
	});

	it.each([
		['words of its own', [{ ...body, text: 'Your code is {{1}}.' }, button]],
		['no button', [body]],
		['a header', [body, { type: 'HEADER', format: 'TEXT', text: 'Code' }, button]],
		['two bodies', [body, body, button]],
		['a footer of its own', [body, { type: 'footer', text: 'Soon over' }, button]],
		['a code that lasts for hours', [body, { type: 'footer', code_expiration_minutes: 91 }, button]],
		['a button for an app', [body, { type: 'buttons', buttons: [{ type: 'otp', otp_type: 'one_tap', text: 'Fill in' }] }]],
		['a plain link', [body, { type: 'buttons', buttons: [{ type: 'URL', text: 'Go', url: 'https://aldersea.example' }] }]],
	])('is refused with %s', (_, components) => {
		expect(() => readDefinition(ofCodes(components))).toThrow(/.+/);
	});

	const to = '+447700900111';
	const sent = (code: string, copied = code) => ({
		messaging_product: 'whatsapp',
		to,
		type: 'template',
		template: {
			name: 'civic_confirmation_code',
			language: { code: 'en_GB' },
			components: [
				{ type: 'body', parameters: [{ type: 'text', text: code }] },
				{ type: 'button', sub_type: 'url', index: '0', parameters: [{ type: 'text', text: copied }] },
			],
		},
	});

	it('puts one code into text and button, which copies it', async () => {
		expect((await graph(sandbox, 'POST', `v25.0/${sandbox.phoneNumberId}/messages`, sent('042195'))).status).toBe(200);
		await sandbox.idle();
		expect(sandbox.residents.find('447700900111')?.thread.at(-1)?.content).toMatchObject({
			body: '*042195* is your verification code. For your security, do not share this code.',
			footer: 'This code expires in 10 minutes.',
			buttons: [{ kind: 'copy_code', text: 'Copy code', code: '042195' }],
		});
	});

	it.each([['1234567890123456', '1234567890123456'], ['042195', '042196']])('refuses %s with %s on its button', async (code, copied) => {
		expect((await graph(sandbox, 'POST', `v25.0/${sandbox.phoneNumberId}/messages`, sent(code, copied))).body.error?.code).toBe(132018);
	});

	it('can be paused like every other', async () => {
		const answer = await fetch(`${sandbox.admin}/templates`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'civic_confirmation_code', status: 'PAUSED' }) });
		expect(answer.status).toBe(200);
		expect(sandbox.templates.find('civic_confirmation_code', 'en_GB')?.status).toBe('PAUSED');
	});
});

const definition = {
	name: 'bus_diverted',
	language: 'en_GB',
	category: 'UTILITY',
	parameter_format: 'NAMED',
	components: [{ type: 'BODY', text: 'The bus {{line}} is diverted today. Please use the stop at the station.', example: { body_text_named_params: [{ param_name: 'line', example: '7' }] } }],
};

describe('a creation', () => {
	it('is PENDING, and APPROVED after the review, which a webhook tells', async () => {
		const { body } = await graph(sandbox, 'POST', edge(), definition);
		expect(body).toEqual({ id: expect.any(String), status: 'PENDING', category: 'UTILITY' });
		await sandbox.idle();
		expect((await graph(sandbox, 'GET', `v25.0/${String(body.id)}?fields=status`)).body.status).toBe('APPROVED');
		expect(receiver.changes('message_template_status_update').map(({ value }) => value)).toEqual([
			{ event: 'APPROVED', message_template_id: Number(body.id), message_template_name: 'bus_diverted', message_template_language: 'en_GB', reason: 'NONE', message_template_category: 'UTILITY' },
		]);
		expect(receiver.received[0]?.body.entry[0]?.time).toEqual(expect.any(Number));
		expect((await send(sandbox, { to: '+447700900123', type: 'template', template: { name: 'bus_diverted', language: { code: 'en_GB' }, components: [{ type: 'body', parameters: [{ type: 'text', parameter_name: 'line', text: '12' }] }] } })).status).toBe(200);
	});

	it('is held or rejected as the knob says', async () => {
		sandbox.knobs.templateReview = 'hold';
		const held = await graph(sandbox, 'POST', edge(), definition);
		await sandbox.idle();
		expect(sandbox.templates.get(String(held.body.id))?.status).toBe('PENDING');
		sandbox.knobs.templateReview = 'reject';
		const rejected = await graph(sandbox, 'POST', edge(), { ...definition, name: 'bus_again' });
		await sandbox.idle();
		expect(sandbox.templates.get(String(rejected.body.id))).toMatchObject({ status: 'REJECTED', rejected_reason: 'INVALID_FORMAT' });
	});

	const body = (text: string, example?: unknown): unknown => [{ type: 'BODY', text, ...(example !== undefined && { example }) }];
	it.each([
		['of a name and language that exist', { ...definition, name: 'gritting_notice' }, 2388024],
		['with capitals in the name', { ...definition, name: 'Bus' }, undefined],
		['in Welsh', { ...definition, language: 'cy' }, undefined],
		['of an unknown category', { ...definition, category: 'NEWS' }, undefined],
		['with an unknown field', { ...definition, colour: 'red' }, undefined],
		['without body', { ...definition, components: [{ type: 'FOOTER', text: 'x' }] }, 2388043],
		['with a variable at the end', { ...definition, components: body('The bus is {{line}}', { body_text_named_params: [{ param_name: 'line', example: '7' }] }) }, 2388299],
		['with a body that is too long', { ...definition, components: body('x'.repeat(1025)) }, 2388040],
		['without examples', { ...definition, components: body('The bus {{line}} is late today.') }, 2388043],
		['with a number for a named variable', { ...definition, components: body('The bus {{1}} is late today.', {}) }, 2388072],
		['with variables side by side', { ...definition, components: body('The bus {{a}}{{b}} is very very late today.', {}) }, 2388072],
		['with a lifetime above 12 hours', { ...definition, message_send_ttl_seconds: 50_000 }, undefined],
		['with a long button label', { ...definition, components: [...definition.components, { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'x'.repeat(26) }] }] }, undefined],
	])('%s is refused', async (_what, wrong, subcode) => {
		const { status, body: answer } = await graph(sandbox, 'POST', edge(), wrong);
		expect([status, answer.error?.code, answer.error?.error_subcode]).toEqual([400, 100, subcode]);
	});
});

describe('from the admin plane', () => {
	it('a template is paused, which stops sends and goes out as a webhook', async () => {
		await admin(sandbox, 'POST', 'templates', { name: 'gritting_notice', status: 'PAUSED' });
		expect((await send(sandbox, grittingNotice('+447700900123'))).body.error?.code).toBe(132015);
		await sandbox.idle();
		expect(receiver.changes('message_template_status_update')).toMatchObject([{ value: { event: 'PAUSED', other_info: { title: 'FIRST_PAUSE' } } }]);
	});

	it('the address of a sign-off link is set', async () => {
		const { body } = await admin(sandbox, 'POST', 'templates', { name: 'civic_sign_off_request', url: 'http://127.0.0.1:5678/webhook/6f1c/desk/{{1}}' });
		expect(JSON.stringify(body.components)).toContain('"url":"http://127.0.0.1:5678/webhook/6f1c/desk/{{1}}"');
		expect(body.status).toBe('APPROVED');
	});

	it('a body is edited and a category announced', async () => {
		const text = 'Tonight: {{routes}}, from {{time}}, and {{note}} is all.';
		const { status, body } = await admin(sandbox, 'POST', 'templates', { name: 'gritting_notice', body: text, correctCategory: 'MARKETING' });
		expect([status, body.correct_category]).toEqual([200, 'MARKETING']);
		expect((await graph(sandbox, 'GET', `${edge()}?name=gritting_notice&limit=1`)).body.data?.[0]).toMatchObject({ correct_category: 'MARKETING', components: expect.arrayContaining([expect.objectContaining({ text })]) });
	});

	it('a template is added, approved at once', async () => {
		expect((await admin(sandbox, 'POST', 'templates', { name: 'plain_notice', body: 'This is plain.' })).body.status).toBe('APPROVED');
		expect((await send(sandbox, { to: '+447700900123', type: 'template', template: { name: 'plain_notice', language: { code: 'en_GB' } } })).status).toBe(200);
	});

	it('what is wrong is answered with a sentence', async () => {
		expect((await admin(sandbox, 'POST', 'templates', { name: 'nothing_here' })).status).toBe(400);
		expect((await admin(sandbox, 'POST', 'templates', { name: 'gritting_notice', url: 'http://127.0.0.1/{{1}}' })).body.message).toBe('The template has no URL button.');
		expect((await admin(sandbox, 'POST', 'templates', { name: 'gritting_notice', body: '{{routes}} first' })).body.message).toContain('start or end');
	});
});

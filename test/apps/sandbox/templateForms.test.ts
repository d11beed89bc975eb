import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { graph, type Reply } from './callSandbox';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 2, clockRate: 0, knobs: { templateReview: 'hold' } });
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

const components = JSON.stringify([{ type: 'BODY', text: 'We grit tonight.' }]);

function form(path: string, fields: Record<string, string>): Promise<Reply> {
	return graph(sandbox, 'POST', path, new URLSearchParams(fields).toString(), { 'Content-Type': 'application/x-www-form-urlencoded' });
}

function create(ttl: string, category = 'UTILITY'): Promise<Reply> {
	return form(`${sandbox.businessAccountId}/message_templates`, { name: 'gritting_form', language: 'en_GB', category, components, message_send_ttl_seconds: ttl });
}

function lifetime(): number | undefined {
	return sandbox.templates.find('gritting_form', 'en_GB')?.message_send_ttl_seconds;
}

describe('a time to live in a form, which knows only text', () => {
	it.each(['30', '14400', '43200', '-1'])('is taken as the number %s', async (ttl) => {
		expect((await create(ttl)).status).toBe(200);
		expect(lifetime()).toBe(Number(ttl));
		const { body } = await graph(sandbox, 'GET', `${sandbox.businessAccountId}/message_templates?name=gritting_form`);
		expect(body.data).toMatchObject([{ message_send_ttl_seconds: Number(ttl) }]);
	});

	it('is none where it is empty', async () => {
		expect((await create('')).status).toBe(200);
		expect(lifetime()).toBeUndefined();
	});

	it.each(['29', '43201', '-2', '60.5', '1e3', '0x40', ' 60', 'soon', '[60]', '99999999999999999999'])('is refused as %j', async (ttl) => {
		expect((await create(ttl)).body.error).toMatchObject({ code: 100, error_data: { details: expect.stringContaining('message_send_ttl_seconds') as string } });
	});

	it('is taken in an edit too, and in JSON', async () => {
		const { body } = await create('60');
		const id = String(body.id);
		expect((await form(id, { message_send_ttl_seconds: '120' })).body.error?.error_subcode).toBe(2388039);
		sandbox.review.decide(id, 'APPROVED');
		expect((await form(id, { message_send_ttl_seconds: '120' })).body).toEqual({ success: true });
		expect(lifetime()).toBe(120);
		sandbox.review.decide(id, 'REJECTED', 'INVALID_FORMAT');
		expect((await graph(sandbox, 'POST', id, { message_send_ttl_seconds: '240' })).body).toEqual({ success: true });
		expect(lifetime()).toBe(240);
	});
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deepestNesting, parseJson } from '../../../apps/sandbox/http/json';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { admin, graph } from './callSandbox';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 8, knobs: { templateReviewMs: 0, managementCallsPerHour: 1e6 } });
});
afterAll(() => sandbox.stop());

const depths = [deepestNesting + 1, 8000, 100_000];
const lists = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const objects = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

describe('JSON', () => {
	it('may be nested as deep as any of Meta’s, and no deeper', () => {
		for (const nested of [lists, objects]) {
			expect(parseJson(nested(deepestNesting))).toEqual(JSON.parse(nested(deepestNesting)));
			for (const depth of depths) expect(parseJson(nested(depth))).toBeUndefined();
		}
	});

	it('is not deep because of the brackets in its texts', () => {
		for (const text of ['['.repeat(1000), `\\"${'{'.repeat(1000)}`, '"['.repeat(500), `${'['.repeat(1000)}\\`]) {
			expect(parseJson(JSON.stringify({ text, more: [text] }))).toEqual({ text, more: [text] });
		}
		expect(parseJson(JSON.stringify(Array.from({ length: 1000 }, () => [{}])))).toHaveLength(1000);
	});

	it('that is broken as well is none', () => {
		for (const text of [`"${'['.repeat(300)}`, '['.repeat(300), `${']'.repeat(300)}`, `{"a": "\\`, `${' '.repeat(300)}"`]) expect(parseJson(text)).toBeUndefined();
	});
});

describe('a template that is nested too deep', () => {
	const components = (example: string): string => `[{"type":"BODY","text":"We grit {{1}} tonight","example":${example}}]`;
	const bodies = (nested: string): Array<[string, string]> => [
		['application/json', `{"name":"deep","language":"en_GB","category":"UTILITY","components":${components(`{"body_text":[[${nested}]]}`)}}`],
		['application/json', `{"name":"deep","language":"en_GB","category":"UTILITY","components":${components(`{"body_text":[["x"]],"more":${nested}}`)}}`],
		['application/json', `{"name":"deep","language":"en_GB","category":"UTILITY","components":[{"type":"BODY","text":"x"},{"type":"BUTTONS","buttons":[{"type":"URL","text":"x","url":"https://aldersea.example/{{1}}","example":[${nested}]}]}]}`],
		['application/json', `{"name":"deep","language":"en_GB","category":"UTILITY","components":${JSON.stringify(components(`{"body_text":[[${nested}]]}`))}}`],
		['application/x-www-form-urlencoded', `name=deep&language=en_GB&category=UTILITY&components=${encodeURIComponent(components(`{"body_text":[[${nested}]]}`))}`],
	];

	it.each(depths)('by %i levels is refused, and the list of templates stays readable', async (depth) => {
		for (const nested of [lists(depth), objects(depth)]) {
			for (const [type, body] of bodies(nested)) {
				const reply = await graph(sandbox, 'POST', `${sandbox.businessAccountId}/message_templates`, body, { 'Content-Type': type });
				expect([reply.status, reply.body.error?.code]).toEqual([400, 100]);
			}
		}
		expect((await graph(sandbox, 'GET', `${sandbox.businessAccountId}/message_templates?limit=1000&name_or_content=grit`)).status).toBe(200);
		expect((await admin(sandbox, 'GET', 'templates')).status).toBe(200);
	});
});

describe('examples of a template', () => {
	afterEach(() => sandbox.reset());

	const submit = (format: string, text: string, example: unknown, type = 'BODY'): ReturnType<typeof graph> =>
		graph(sandbox, 'POST', `${sandbox.businessAccountId}/message_templates`, {
			name: 'examples', language: 'en_GB', category: 'UTILITY', parameter_format: format,
			components: [...(type === 'HEADER' ? [{ type, format: 'TEXT', text, example }, { type: 'BODY', text: 'x' }] : [{ type, text, example }])],
		});

	it.each([
		['POSITIONAL', 'Grit {{1}} now', { body_text: [[{}]] }],
		['POSITIONAL', 'Grit {{1}} now', { body_text: [[['x']]] }],
		['POSITIONAL', 'Grit {{1}} now', { body_text: [[1]] }],
		['POSITIONAL', 'Grit {{1}} now', { body_text: [['']] }],
		['POSITIONAL', 'Grit {{1}} now', { body_text: { length: 1 } }],
		['NAMED', 'Grit {{road}} now', { body_text_named_params: [{ param_name: 'road', example: { toString: 1 } }] }],
		['NAMED', 'Grit {{road}} now', { body_text_named_params: [{ param_name: 'road', example: 'x' }, 7] }],
	])('that are no texts are refused: %s %s %j', async (format, text, example) => {
		expect((await submit(format, text, example)).body.error).toMatchObject({ code: 100, error_subcode: 2388043 });
	});

	it('of a header and of a button have to be texts too', async () => {
		expect((await submit('POSITIONAL', 'Grit {{1}}', { header_text: [{}] }, 'HEADER')).body.error).toMatchObject({ error_subcode: 2388043 });
		for (const example of [{ toString: 1 }, null, [], '']) {
			const button = { type: 'URL', text: 'x', url: 'https://aldersea.example/{{1}}', example: [example] };
			const { status, body } = await graph(sandbox, 'POST', `${sandbox.businessAccountId}/message_templates`, { name: 'button', language: 'en_GB', category: 'UTILITY', components: [{ type: 'BODY', text: 'x' }, { type: 'BUTTONS', buttons: [button] }] });
			expect([status, body.error?.code]).toEqual([400, 100]);
		}
	});

	it('may have nothing beside them that Meta does not know', async () => {
		expect((await submit('POSITIONAL', 'Grit {{1}} now', { body_text: [['x']], misspelt: 1 })).body.error).toMatchObject({ code: 100 });
	});

	it('come back as they were given', async () => {
		const example = { body_text_named_params: [{ param_name: 'road', example: 'Mill Lane' }] };
		const { body } = await submit('NAMED', 'Grit {{road}} now', example);
		expect((await graph(sandbox, 'GET', `${String((body as { id?: string }).id)}?fields=components`)).body).toMatchObject({ components: [{ example }] });
	});
});

it.each(depths)('nothing else falls over %i levels, nor shows them later', async (depth) => {
	const number = sandbox.phoneNumberId;
	const send = (part: string): string => `{"messaging_product":"whatsapp","to":"+447700900123",${part}}`;
	for (const nested of [lists(depth), objects(depth)]) {
		const calls: Array<[string, string]> = [
			[`${number}/messages`, send(`"type":"text","text":${nested}`)],
			[`${number}/messages`, send(`"type":"text","text":${JSON.stringify(nested)}`)],
			[`${number}/messages`, send(`"type":"interactive","interactive":{"type":"flow","body":{"text":"x"},"action":{"name":"flow","parameters":{"flow_message_version":"3","flow_id":"1","flow_cta":"x","flow_action_payload":{"screen":"x","data":${nested}}}}}`)],
			[`${number}/messages`, send(`"type":"template","template":{"name":"gritting_notice","language":{"code":"en_GB"},"components":[{"type":"body","parameters":${nested}}]}`)],
			[`${number}/block_users`, `{"messaging_product":"whatsapp","block_users":${nested}}`],
			[`${number}/whatsapp_business_profile`, `{"messaging_product":"whatsapp","websites":${nested}}`],
			[number, `{"webhook_configuration":{"override_callback_uri":${nested}}}`],
			[`${sandbox.businessAccountId}/subscribed_apps`, `{"override_callback_uri":${nested},"verify_token":"x"}`],
			[`${sandbox.appId}/subscriptions?access_token=${sandbox.appId}|${sandbox.appSecret}`, `{"object":${nested},"callback_url":"http://127.0.0.1:1/","fields":${nested}}`],
		];
		for (const [path, body] of calls) {
			const reply = await graph(sandbox, 'POST', path, body);
			expect([path, reply.status < 500 && reply.status >= 400]).toEqual([path, true]);
		}
		const upload = `--x\r\nContent-Disposition: form-data; name="messaging_product"\r\n\r\n${nested}\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="x.txt"\r\nContent-Type: text/plain\r\n\r\n${nested}\r\n--x--`;
		expect((await graph(sandbox, 'POST', `${number}/media`, upload, { 'Content-Type': 'multipart/form-data; boundary=x' })).status).toBe(400);
		for (const route of ['account', 'templates', 'inbound', 'faults', 'knobs', 'webhook', 'clock', 'repeat', 'reset', 'phones/+447700900123']) {
			const response = await fetch(`${sandbox.admin}/${route}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: `{"raw":{"field":"messages","value":${nested}}}` });
			expect([route, response.status]).toEqual([route, 400]);
			expect(await response.text()).not.toContain('call stack');
		}
	}
	await sandbox.idle();
	const journal = await admin(sandbox, 'GET', 'journal?kind=request&newest=100');
	expect(journal.status).toBe(200);
});

it('a value that cannot be written as text is refused as any other', async () => {
	const hostile = { toString: 1, valueOf: 1 };
	const { status, body } = await graph(sandbox, 'POST', `${sandbox.appId}/subscriptions`, { object: hostile, callback_url: 'http://127.0.0.1:1/', fields: [hostile] }, { Authorization: `Bearer ${sandbox.appId}|${sandbox.appSecret}` });
	expect([status, body.error?.code]).toEqual([400, 100]);
});

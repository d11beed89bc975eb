import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { grittingNotice, send, type Reply } from './callSandbox';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 1, knobs: { throughputPerSecond: 10_000, throughputBurst: 10_000 } });
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

const phone = '+447700900123';

function expectRefusal({ status, body }: Reply, code: number, details?: string | RegExp): void {
	expect([status, body.error?.code]).toEqual([400, code]);
	if (details) expect(body.error?.error_data?.details).toMatch(details);
	expect(sandbox.accepted.total).toBe(0);
}

function template(changes: Record<string, unknown>): Record<string, unknown> {
	return { to: phone, type: 'template', template: { name: 'gritting_notice', language: { code: 'en_GB' }, ...changes } };
}

describe('components', () => {
	const body = (...texts: string[]): unknown => ({ type: 'body', parameters: texts.map((text) => ({ type: 'text', text })) });

	it('given twice are refused with 100, since one of them would be lost', async () => {
		expectRefusal(await send(sandbox, template({ name: 'appointment_reminder', components: [body('a'), body('a', 'b')] })), 100, /twice/);
	});

	it.each([{}, { id: '' }, { link: 7 }])('with a picture that is neither id nor link (%j) are refused', async (image) => {
		const parameters = [{ type: 'image', image }];
		expectRefusal(await send(sandbox, template({ components: [{ type: 'header', parameters }] })), image.link === 7 ? 100 : 131008, /image/);
	});
});

describe('buttons', () => {
	const signOff = (...buttons: unknown[]): Record<string, unknown> => {
		const parameters = Object.entries({ service: 'Highways', title: 'Gritting', people: '12', deadline: '17:00' }).map(([parameter_name, text]) => ({ type: 'text', parameter_name, text }));
		return template({ name: 'civic_sign_off_request', components: [{ type: 'body', parameters }, ...buttons] });
	};
	const url = (text: unknown, index: unknown = '0'): unknown => ({ type: 'button', sub_type: 'url', index, parameters: [{ type: 'text', text }] });

	it('with an open address need its end, which becomes part of the link', async () => {
		expectRefusal(await send(sandbox, signOff()), 131008, /Button at index 0 of type Url requires a parameter/);
		expect((await send(sandbox, signOff(url('a%20b', 0)))).status).toBe(200);
		await sandbox.idle();
		expect(sandbox.residents.find('447700900123')?.thread[0]?.content.buttons).toEqual([{ kind: 'url', text: 'Read and decide', url: 'http://127.0.0.1:5678/webhook/desk/a%20b' }]);
	});

	it('that the template does not have, or whose parameter is not encoded, are refused with 132018', async () => {
		expectRefusal(await send(sandbox, signOff(url('x'), url('x', '1'))), 132018, /index 1/);
		expectRefusal(await send(sandbox, signOff(url('a b'))), 132018, /percent-encoded/);
	});

	it.each([null, '', undefined])('without an index (%j) are refused with 131008', async (index) => {
		expectRefusal(await send(sandbox, signOff({ ...(url('x') as object), index })), 131008, /index/);
	});

	it.each([' ', true, [], '0x0', '1e0', -1, 10, '00'])('with an index that is none (%j) are refused with 100', async (index) => {
		expectRefusal(await send(sandbox, signOff(url('x', index))), 100, /index/);
	});

	it('given twice are refused with 100, since one of them would be lost', async () => {
		expectRefusal(await send(sandbox, signOff(url('x'), url('y'))), 100, /twice/);
	});

	it('of a quick reply carry the payload of the send', async () => {
		const notice = grittingNotice(phone) as { template: { components: unknown[] } };
		notice.template.components.push({ type: 'button', sub_type: 'quick_reply', index: '0', parameters: [{ type: 'payload', payload: 'STOP|gritting' }] });
		await send(sandbox, notice as unknown as Record<string, unknown>);
		await sandbox.idle();
		expect(sandbox.residents.find('447700900123')?.thread[0]?.content.buttons).toMatchObject([{ payload: 'STOP|gritting' }]);
	});
});

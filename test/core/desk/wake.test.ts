import { describe, expect, it } from 'vitest';
import { createWake } from '../../../core/desk/wake';
import { TransportFault, type Transport } from '../../../core/whatsapp/connection';

const answering = (status: number, text = ''): Transport => ({ request: () => Promise.resolve({ status, headers: {}, text }) });

describe('waking a waiting execution', () => {
	it.each([
		['n8n took it', 200, '{"state":"approved"}'],
		['nothing is left to wake', 200, '<p>No action required</p>'],
		['the execution was deleted', 404, '{"message":"The execution does not exist"}'],
		['the execution ended another way', 409, '{"message":"The execution \\"7\\" has finished with error."}'],
	])('is done when %s', async (_, status, text) => {
		expect(await createWake(answering(status, text))('http://127.0.0.1:9/')).toBe('taken');
	});

	it.each([
		['the execution is not saved as waiting yet', 500, '{"message":"Cannot read properties of undefined"}'],
		['the execution is running', 409, '{"message":"The execution \\"7\\" is running already."}'],
		['the gate sees no decision', 409, '{"state":"waiting","detail":"Nobody has decided yet."}'],
		['the store cannot be read', 503, '{"state":"waiting"}'],
		['a proxy has no n8n behind it', 502, 'Bad Gateway'],
		['a proxy does not know the address while n8n starts', 404, '<h1>404 page not found</h1>'],
	])('is tried again when %s', async (_, status, text) => {
		expect(await createWake(answering(status, text))('http://127.0.0.1:9/')).toBe('later');
	});

	it('is tried again when n8n cannot be reached', async () => {
		const down: Transport = { request: () => Promise.reject(new TransportFault('unreachable', false)) };
		expect(await createWake(down)('http://127.0.0.1:9/')).toBe('later');
	});
});

import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminRoutes } from '../../../apps/sandbox/admin/adminPlane';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { describeKnobs } from '../../../apps/sandbox/knobs';
import { graph } from './callSandbox';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 8 });
});
afterAll(() => sandbox.stop());

/** Keys that mean something somewhere on the admin plane, so that random bodies get past the first check. */
const keys = ['from', 'text', 'button', 'reply', 'list', 'media', 'kind', 'name', 'status', 'url', 'app', 'fields', 'skewMs', 'advanceMs', 'to', 'rate', 'act', 'on', 'quality', 'raw', 'field', 'value', 'code', 'times', 'sequence', 'components', 'language', 'category', 'body', 'keepTemplates', ...describeKnobs().map(({ name }) => name)];
const words = ['+447700900123', 'gritting_notice', 'en_GB', 'PAUSED', 'text', 'http://127.0.0.1:9/', 'online', 'delay', '', '\ud800', '2027-01-01T00:00:00Z'];
const leaf = fc.oneof(fc.string(), fc.constantFrom(...words), fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
const { value } = fc.letrec((tie) => ({
	value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string({ maxLength: 6 })), tie('value'), { maxKeys: 5 })),
}));
const bodies = fc.oneof(fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 6 }), value);
const tails = fc.oneof(fc.constant(''), fc.constantFrom('/+447700900123', '/%', '/../state', '//', '/1', '?limit=x', '?kind=request', '?timeoutMs=1', '?after=-1', '?%=%'), fc.string().map((text) => `/${encodeURIComponent(text.replace(/[\ud800-\udfff]/g, ''))}`));

it('no JSON on any address of the admin plane ever makes it fall', async () => {
	const broken: string[] = [];
	await fc.assert(
		fc.asyncProperty(fc.constantFrom(...adminRoutes), tails, bodies, async (route, tail, body) => {
			const [method = '', name = ''] = route.split(' ');
			// Waiting is not what is tried here.
			const query = name === 'idle' ? '?timeoutMs=1' : tail;
			const response = await fetch(`${sandbox.admin}/${name}${query}`, { method, ...(method !== 'GET' && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) ?? '' }) });
			await response.json();
			if (response.status >= 500) broken.push(`${route}${query} ${JSON.stringify(body)}`);
			expect(response.status).toBeLessThan(500);
		}),
		{ numRuns: 600 },
	);
	expect(broken).toEqual([]);
	expect((await fetch(`${sandbox.admin}/state`)).status).toBe(200);
});

it('is not there on the port of the API, which knows no such object', async () => {
	sandbox.reset();
	for (const route of adminRoutes) {
		const [method = '', name = ''] = route.split(' ');
		for (const path of [name, `v25.0/${name}`, `__sim/${name}`, `${name}/1`]) {
			const { status, body } = await graph(sandbox, method, path, method === 'GET' ? undefined : {});
			expect([route, path, status, body.error?.code, body.error?.error_subcode]).toEqual([route, path, 400, 100, 33]);
		}
	}
	const { status } = await fetch(`${sandbox.api}/state`);
	expect(status).toBe(401);
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { admin, graph, grittingNotice, send } from './callSandbox';
import { act, phoneOf, post, wall } from './phones';

const jo = '+447700900101';
const kim = '+447700900102';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 1 });
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

describe('the page', () => {
	it('has a banner, and may load nothing from elsewhere nor run what is written in it', async () => {
		const response = await fetch(sandbox.phones);
		const text = await response.text();
		expect(text).toContain('<strong>Simulated</strong>');
		expect(text).not.toMatch(/<script(?![^>]*src=)|<style|\sstyle=|\son\w+=/i);
		expect(response.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
		expect(response.headers.get('content-security-policy')).not.toContain('unsafe');
	});

	it('has all the files that it loads, and gives away no others', async () => {
		const waiting = ['/page.css', '/page.js'];
		const seen = new Set<string>();
		for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
			if (seen.has(path)) continue;
			seen.add(path);
			const response = await fetch(`${sandbox.phones}${path}`);
			expect(response.status, path).toBe(200);
			for (const [, file] of (await response.text()).matchAll(/from '\.(\/\w+\.js)'/g)) waiting.push(file as string);
		}
		expect(seen.size).toBeGreaterThan(10);
		for (const path of ['phonesPage.ts', '../sandbox.ts', 'browser/page.js', 'samples/letter.pdf', '%2e%2e/sandbox.ts', 'media/..%2f..', 'toString']) expect((await fetch(`${sandbox.phones}/${path}`)).status, path).toBe(404);
	});

	it('refuses what another page on the web would send', async () => {
		const stop = { number: jo, act: 'text', text: 'STOP' };
		await post(sandbox, 'invite', { number: jo });
		expect((await post(sandbox, 'act', stop, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
		expect((await post(sandbox, 'act', stop, { 'Content-Type': 'text/plain' })).status).toBe(403);
		expect((await post(sandbox, 'reset', {}, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
	});
});

describe('adding a phone', () => {
	it.each(['+44 (0)7700 900123', '0044 7700 900123', '07700 900123', '+447700900123'])('reads %s as people write it, so that messages to it arrive', async (number) => {
		expect(await post(sandbox, 'invite', { number, name: 'Jo' })).toEqual({ status: 200, body: { number: '+447700900123' } });
		await send(sandbox, grittingNotice('+447700900123'));
		await sandbox.idle();
		expect(await wall(sandbox)).toMatchObject({ total: 1, phones: [{ name: 'Jo', messages: [{}] }] });
	});

	it('reads the numbers of the controls in the same way, and leaves a stranger the phone they have', async () => {
		await admin(sandbox, 'POST', 'inbound', { from: '+44 (0)7700 900123', text: 'Hello' });
		await send(sandbox, grittingNotice('07700900101'));
		await admin(sandbox, 'POST', 'inbound', { from: '+4407700900101', text: 'Who is this?' });
		expect((await wall(sandbox)).order).toEqual(['+447700900123', '+4407700900101']);
	});

	it('reads the numbers of its own options in the same way', async () => {
		const other = await startSandbox({ residents: [{ number: '+44 (0)7700 900123', name: 'Jo' }] });
		expect((await wall(other)).order).toEqual(['+447700900123']);
		await other.stop();
	});

	it.each([['nobody', 'is not a phone number'], ['', 'is not a phone number'], ['07700 9001', 'is not a phone number'], ['+44 1632 960000', 'council’s own']])('says what is wrong with “%s”', async (number, words) => {
		const { status, body } = await post(sandbox, 'invite', { number });
		expect(status).toBe(400);
		expect(body.message).toContain(words);
		expect((await wall(sandbox)).total).toBe(0);
	});
});

describe('the wall', () => {
	it('finds phones by name or number, however it is written', async () => {
		await post(sandbox, 'invite', { number: jo, name: 'Jo Hughes' });
		await post(sandbox, 'invite', { number: kim, name: 'Kim' });
		for (const search of ['07700 900102', '+44 (0)7700 900102', '900102', 'kim']) expect((await wall(sandbox, String(new URLSearchParams({ search })))).order, search).toEqual([kim]);
		expect(await wall(sandbox, 'search=nobody')).toMatchObject({ total: 2, found: 0, phones: [] });
	});

	it('sorts, filters and gives only what is asked for', async () => {
		for (const number of [jo, kim, '+447700900026']) await send(sandbox, grittingNotice(number));
		await sandbox.idle();
		await act(sandbox, kim, { act: 'text', text: 'Thanks' });
		expect((await wall(sandbox, 'show=failed')).order).toEqual(['+447700900026']);
		expect((await wall(sandbox, 'show=wrote')).order).toEqual([kim]);
		expect((await wall(sandbox, 'sort=latest')).order[0]).toBe(kim);
		expect(await wall(sandbox, 'limit=1')).toMatchObject({ total: 3, found: 3, order: [jo] });
		expect(await wall(sandbox, `only=${encodeURIComponent(kim)}`)).toMatchObject({ order: [jo, kim, '+447700900026'], phones: [{ number: kim }] });
		expect((await wall(sandbox, 'sort=odd&show=odd&limit=odd')).order).toHaveLength(3);
	});

	it('shows failed messages with their reason, and messages on their way as not on the phone', async () => {
		await send(sandbox, grittingNotice('+447700900026'));
		expect((await phoneOf(sandbox, '+447700900026')).messages).toMatchObject([{ arrived: false, tick: 'accepted' }]);
		await sandbox.idle();
		expect((await phoneOf(sandbox, '+447700900026')).messages).toMatchObject([{ arrived: false, tick: 'failed', failure: { code: 131026, reason: expect.stringContaining('cannot be reached') } }]);
	});

	it('counts who got what', async () => {
		for (const number of [jo, kim, '+447700900026']) await send(sandbox, grittingNotice(number));
		await sandbox.idle();
		const [message] = (await phoneOf(sandbox, jo)).messages;
		await act(sandbox, jo, { act: 'tap', message: message?.id, button: 0 });
		const { lines } = (await (await fetch(`${sandbox.phones}/sent`)).json()) as { lines: Array<{ now: Record<string, number> }> };
		expect(lines).toMatchObject([{ label: 'gritting_notice', people: 3, messages: 3, answered: 1, now: { failed: 1, accepted: 0 } }]);
		expect((lines[0]?.now.delivered ?? 0) + (lines[0]?.now.read ?? 0)).toBe(2);
	});

	it('marks the phone of a stranger, on which one can still act', async () => {
		await send(sandbox, grittingNotice('07700900101'));
		await sandbox.idle();
		expect((await wall(sandbox)).phones).toMatchObject([{ number: '+4407700900101', stranger: true }]);
		expect((await act(sandbox, '+4407700900101', { act: 'text', text: 'Who is this?' })).status).toBe(200);
	});

	it('takes names and messages for text, whatever they look like', async () => {
		const hostile = '<img src=x onerror=alert(1)> "\'& \u202e <script>';
		await post(sandbox, 'invite', { number: jo, name: hostile });
		await act(sandbox, jo, { act: 'text', text: hostile });
		const response = await fetch(`${sandbox.phones}/wall`);
		expect(response.headers.get('content-type')).toContain('application/json');
		expect(await response.json()).toMatchObject({ phones: [{ name: hostile, messages: [{ body: hostile }] }] });
	});
});

describe('the clock', () => {
	it('is the sandbox’s, and goes on when told to', async () => {
		const before = (await wall(sandbox)).clock.now;
		expect((await post(sandbox, 'pass', { ms: 3_600_000 })).status).toBe(200);
		expect((await wall(sandbox)).clock.now - before).toBeGreaterThanOrEqual(3_600_000);
		for (const ms of [-1, 1e15, '1']) expect((await post(sandbox, 'pass', { ms })).status).toBe(400);
	});
});

describe('a browser that watches', () => {
	async function watch(): Promise<{ next: () => Promise<string>; leave: () => Promise<void> }> {
		const { body } = await fetch(`${sandbox.phones}/changes`);
		const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
		return { next: async () => (await reader?.read())?.value ?? '', leave: async () => reader?.cancel() };
	}

	it('hears the numbers of the phones that changed, and no others', async () => {
		await post(sandbox, 'invite', { number: kim });
		const { next, leave } = await watch();
		expect(await next()).toMatch(/event: hello\ndata: \{"generation":"[^"]+"\}/);
		await post(sandbox, 'invite', { number: jo });
		const heard = (async () => {
			for (let text = ''; ; text += await next()) if (text.includes(jo)) return text;
		})();
		expect(await heard).toContain(`event: changed\ndata: {"phones":["${jo}"]}`);
		expect(await heard).not.toContain(kim);
		await leave();
	});

	it('hears of a reset, from this page or from the controls, after which a number comes back with an empty phone', async () => {
		await send(sandbox, grittingNotice(jo));
		await sandbox.idle();
		const { next, leave } = await watch();
		const [generation] = /\{.*\}/.exec(await next()) ?? [];
		await admin(sandbox, 'POST', 'reset');
		await post(sandbox, 'invite', { number: jo });
		let heard = '';
		while (!heard.includes('event: changed')) heard += await next();
		expect(heard).toContain('event: reset');
		expect(heard.indexOf('event: reset')).toBeLessThan(heard.indexOf('event: changed'));
		expect(heard).not.toContain(generation);
		expect((await phoneOf(sandbox, jo)).messages).toEqual([]);
		await post(sandbox, 'reset', {});
		expect(await next()).toContain('event: reset');
		expect((await wall(sandbox)).total).toBe(0);
		await leave();
	});

	it('hears of five hundred phones in a few events', async () => {
		const { next, leave } = await watch();
		await next();
		const numbers = Array.from({ length: 500 }, (_, index) => `+44770090${String(index).padStart(4, '0')}`);
		for (const number of numbers) sandbox.residents.changed(sandbox.residents.at(number.slice(1)));
		let heard = '';
		while (!heard.includes('0499')) heard += await next();
		expect(heard.match(/event: changed/g)).toHaveLength(1);
		expect((JSON.parse(/event: changed\ndata: (.*)/.exec(heard)?.[1] ?? '{}') as { phones: string[] }).phones).toEqual(numbers);
		await leave();
	});
});

it('does not show the admin plane or the API', async () => {
	expect((await fetch(`${sandbox.phones}/state`)).status).toBe(404);
	expect((await graph(sandbox, 'GET', 'wall')).status).toBe(400);
});

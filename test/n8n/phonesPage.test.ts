import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../apps/sandbox/sandbox';
import { grittingNotice, send } from '../apps/sandbox/callSandbox';
import { act, post, put } from '../apps/sandbox/phones';
import { axeFaults } from './axeFaults';
import { openBrowser, tabTo, visitPage, widthOf, type Visit } from './browser';

const jo = '+447700900101';
const kim = '+447700900102';
const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 900 } };

let browser: Browser;
let sandbox: Sandbox;
let visit: Visit | undefined;

beforeAll(async () => {
	browser = await openBrowser();
	sandbox = await startSandbox({ seed: 4, knobs: { noReadReceipts: 0, readWithoutDelivered: 0, throughputPerSecond: 1e6, throughputBurst: 1e6 } });
});
beforeEach(async () => {
	sandbox.reset();
	await post(sandbox, 'invite', { number: jo, name: 'Jo' });
	await post(sandbox, 'invite', { number: kim, name: 'Kim' });
});
afterEach(async () => {
	expect(visit?.complaints ?? []).toEqual([]);
	await visit?.leave();
	visit = undefined;
});
afterAll(async () => {
	await browser?.close();
	await sandbox?.stop();
});

async function look(options: BrowserContextOptions = desktop): Promise<Page> {
	visit = await visitPage(browser, sandbox.phones, options);
	await visit.page.locator('.card').first().waitFor();
	return visit.page;
}

async function hold(page: Page, name: string): Promise<void> {
	await page.getByRole('button', { name, exact: true }).click();
	await page.getByRole('heading', { name, level: 2 }).waitFor();
}

/** One of every kind of message, both ways. */
async function everyKind(): Promise<void> {
	const { id } = await sampleOf('picture');
	put(sandbox, jo, { header: { kind: 'text', text: 'Gritting tonight' }, body: 'We grit Mill Lane.', footer: 'Aldersea', buttons: [{ kind: 'quick_reply', text: 'Stop these', payload: 'STOP' }, { kind: 'url', text: 'Map', url: 'https://aldersea.example/map' }, { kind: 'phone_number', text: 'Call us', phone: '+441632960000' }, { kind: 'copy_code', text: 'Copy code', code: 'LIDO26' }] });
	put(sandbox, jo, { header: { kind: 'image', media: { kind: 'image', id } }, body: 'With a picture' });
	put(sandbox, jo, { header: { kind: 'document', media: { kind: 'document', link: 'https://aldersea.example/a.pdf', filename: 'a.pdf' } }, body: 'With a document' });
	put(sandbox, jo, { header: { kind: 'location', location: { latitude: 53.9, longitude: -3.4, name: 'Civic Centre', address: 'Quay' } }, body: 'With a place' });
	put(sandbox, jo, { media: { kind: 'video', link: 'https://aldersea.example/v.mp4', caption: 'A video' } });
	put(sandbox, jo, { media: { kind: 'sticker', link: 'https://aldersea.example/s.webp' } });
	put(sandbox, jo, { contacts: [{ name: 'Highways', phones: [{ phone: '+441632960001' }], emails: [], urls: [], addresses: [] }] });
	const poll = put(sandbox, jo, { body: 'Sundays?', buttons: [{ kind: 'reply', id: 'y', text: 'Yes' }, { kind: 'reply', id: 'n', text: 'No' }] });
	await act(sandbox, jo, { act: 'tap', message: poll, button: 0 });
	const list = put(sandbox, jo, { body: 'Which bin?', list: { button: 'Choose a bin', sections: [{ title: 'Household', rows: [{ id: 'b1', title: 'Refuse', description: 'Black lid' }, { id: 'b2', title: 'Recycling' }] }] } });
	await act(sandbox, jo, { act: 'react', message: list, emoji: '👍' });
	put(sandbox, jo, { body: 'Plans', link: { text: 'Open plans', url: 'https://aldersea.example/plans' } });
	put(sandbox, jo, { body: 'Where?', asksFor: 'location' });
	put(sandbox, jo, { body: 'Form', flow: { button: 'Fill in' } });
	for (const sample of ['picture', 'voice', 'document']) await act(sandbox, jo, { act: 'sendSample', sample });
	await act(sandbox, jo, { act: 'shareLocation' });
}

async function sampleOf(sample: string): Promise<{ id: string }> {
	await act(sandbox, kim, { act: 'sendSample', sample });
	return { id: sandbox.residents.find(kim.slice(1))?.thread.at(-1)?.content.media?.id ?? '' };
}

async function grit(number: string): Promise<void> {
	await send(sandbox, grittingNotice(number));
	await sandbox.idle();
}

describe.each([['light', desktop], ['dark', { ...desktop, colorScheme: 'dark' }], ['small', { viewport: { width: 320, height: 640 } }]] as Array<[string, BrowserContextOptions]>)('accessibility, %s', (_name, options) => {
	it('has no fault on the wall, in an open phone, in a dialog, nor beside an error', async () => {
		await everyKind();
		await grit('+447700900026');
		await act(sandbox, kim, { act: 'online', on: false });
		await grit(kim);
		const page = await look(options);
		expect(await axeFaults(page)).toEqual([]);
		await page.getByText('Who got what').click();
		await page.getByRole('row', { name: /gritting_notice/ }).waitFor();
		await page.getByLabel('Add a phone').fill('nobody');
		await page.getByRole('button', { name: 'Add', exact: true }).click();
		await page.getByRole('alert').filter({ hasText: 'is not a phone number' }).waitFor();
		// What the browser complains of is the refusal itself.
		visit?.complaints.splice(0);
		expect(await axeFaults(page)).toEqual([]);
		await hold(page, 'Jo');
		expect(await axeFaults(page)).toEqual([]);
		await page.getByRole('button', { name: 'Choose a bin' }).click();
		expect(await axeFaults(page)).toEqual([]);
		await page.keyboard.press('Escape');
		await page.getByText('React or quote').last().click();
		expect(await axeFaults(page)).toEqual([]);
	});

	it('fits, with targets that can be hit', async () => {
		await everyKind();
		const page = await look(options);
		const width = options.viewport?.width ?? 0;
		expect(await widthOf(page)).toBeLessThanOrEqual(width);
		await hold(page, 'Jo');
		expect(await widthOf(page)).toBeLessThanOrEqual(width);
		const small = await page.evaluate<string[]>(`[...document.querySelectorAll('button, a, input, select, summary')]
			.filter((target) => target.checkVisibility() && target.matches(':not(.skip)'))
			.map((target) => [target.outerHTML.slice(0, 80), target.getBoundingClientRect()])
			.filter(([, { width, height }]) => Math.min(width, height) < 24).map(([html]) => html)`);
		expect(small).toEqual([]);
	});
});

describe('with the keyboard alone', () => {
	it('a phone is opened, answered from and closed, and the focus is where one left it', async () => {
		await grit(jo);
		const page = await look();
		await tabTo(page, /^Jo$/, 40);
		await page.keyboard.press('Enter');
		await page.locator('#phone-name:focus').waitFor();
		await tabTo(page, /^Stop these$/);
		await page.keyboard.press('Enter');
		await page.locator('.chat .message.resident').first().waitFor();
		expect(await page.evaluate<string>('document.activeElement.dataset.key'), 'the message was drawn anew around the focus').toBe('button-0');
		await tabTo(page, /^Message to the council$/);
		await page.keyboard.type('Is Quay Street gritted?');
		await page.keyboard.press('Enter');
		await page.locator('#chat').getByText('Is Quay Street gritted?').waitFor();
		await page.keyboard.press('Escape');
		expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Jo');
	});

	it('a row of a list is chosen', async () => {
		put(sandbox, jo, { body: 'Which bin?', list: { button: 'Choose a bin', sections: [{ rows: [{ id: 'b1', title: 'Refuse' }, { id: 'b2', title: 'Recycling' }] }] } });
		const page = await look();
		await hold(page, 'Jo');
		await tabTo(page, /^Choose a bin$/);
		await page.keyboard.press('Enter');
		await tabTo(page, /^Recycling$/);
		await page.keyboard.press('Enter');
		await page.locator('#chat').getByText('Chosen: Recycling').waitFor();
		expect(await page.evaluate<string>('document.activeElement.dataset.key')).toBe('list');
	});
});

describe('live', () => {
	it('turns ticks and brings messages without touching what is being typed, and says what is new in the open phone alone', async () => {
		const page = await look();
		await hold(page, 'Jo');
		await page.getByLabel('Message to the council').fill('half an ans');
		await act(sandbox, jo, { act: 'readsByItself', on: false });
		await grit(jo);
		await page.locator('#chat [data-tick=delivered]').waitFor();
		await page.locator('#said').getByText('Aldersea Borough Council to Jo').waitFor({ state: 'attached' });
		await grit(kim);
		await page.locator('.card', { hasText: 'Kim' }).locator('[data-tick]').waitFor();
		expect(await page.locator('#said').innerText()).not.toContain('Kim');
		await page.getByRole('button', { name: 'Read everything now' }).click();
		await page.locator('#chat [data-tick=read]').waitFor();
		expect(await page.getByLabel('Message to the council').inputValue()).toBe('half an ans');
	});

	it('shows why a message failed, and that one is waiting', async () => {
		await act(sandbox, jo, { act: 'online', on: false });
		const page = await look();
		await hold(page, 'Jo');
		await grit(jo);
		await page.locator('#chat').getByText('Waits at WhatsApp for this phone.').waitFor();
		await grit('+447700900026');
		await page.locator('.wall').getByText('This phone cannot be reached').waitFor();
		await page.getByLabel('Message to the council').fill('Hello');
		await page.keyboard.press('Enter');
		await page.getByRole('alert').getByText('The phone of Jo is offline.').waitFor();
		expect(await page.getByLabel('Message to the council').inputValue()).toBe('Hello');
		// What the browser complains of is the refusal itself.
		visit?.complaints.splice(0);
		await page.getByRole('checkbox', { name: 'Online', exact: true }).check();
		await page.locator('#chat [data-tick=read]').waitFor();
	});

	it('is empty after a reset, and so is a phone that comes back', async () => {
		await grit(jo);
		const page = await look();
		await hold(page, 'Jo');
		sandbox.reset();
		await page.getByText('No phone has a message yet.').waitFor();
		expect(await page.locator('#phone').isVisible()).toBe(false);
		await page.getByLabel('Add a phone').fill('07700 900101');
		await page.getByRole('button', { name: 'Add', exact: true }).click();
		await page.getByRole('heading', { level: 2, name: /\w/ }).last().waitFor();
		await page.locator('#phone:not([hidden])').waitFor();
		expect(await page.locator('#chat .message').count()).toBe(0);
	});

	it('takes what people write for text', async () => {
		const hostile = '<img src=x onerror="window.broken = true"><script>window.broken = true</script>';
		const ann = '+447700900103';
		await post(sandbox, 'invite', { number: ann, name: hostile.slice(0, 60) });
		put(sandbox, ann, { header: { kind: 'text', text: hostile }, body: hostile, footer: hostile, buttons: [{ kind: 'quick_reply', text: hostile, payload: hostile }, { kind: 'url', text: 'Bad', url: 'javascript:window.broken = true' }], list: { button: hostile, sections: [{ title: hostile, rows: [{ id: 'a', title: hostile, description: hostile }] }] }, media: { kind: 'image', link: hostile, caption: hostile, filename: hostile }, contacts: [{ name: hostile, phones: [{ phone: hostile }], emails: [], urls: [], addresses: [] }], location: { latitude: 1, longitude: 1, name: hostile, address: hostile } });
		await act(sandbox, ann, { act: 'text', text: hostile });
		const page = await look();
		await page.locator('.card', { hasText: '900103' }).click();
		await page.locator('#chat .message').nth(1).waitFor();
		await page.locator('#chat .buttons button').last().click();
		expect(await page.evaluate('window.broken')).toBeUndefined();
		expect(await page.locator('#chat img, .card img, a[href^="javascript:"]').count()).toBe(0);
		expect(await page.locator('#chat .body').first().innerText()).toBe(hostile);
	});
});

it('says so while the sandbox is away, and goes on with new phones when it is back', async () => {
	const first = await startSandbox({ residents: [{ number: jo, name: 'Jo' }] });
	const { page, complaints, leave } = await visitPage(browser, first.phones, desktop);
	await hold(page, 'Jo');
	await first.stop();
	await page.getByRole('alert').getByText('The sandbox does not answer.').waitFor();
	const second = await startSandbox({ phonesPort: Number(new URL(first.phones).port), residents: [{ number: kim, name: 'Kim' }] });
	await page.getByRole('button', { name: 'Kim', exact: true }).waitFor();
	expect(await page.getByRole('alert').getByText('The sandbox does not answer.').isVisible()).toBe(false);
	expect(await page.getByRole('button', { name: 'Jo', exact: true }).count()).toBe(0);
	expect(complaints.filter((text) => !text.includes('ERR_'))).toEqual([]);
	await leave();
	await second.stop();
});

it('lets nothing move for people who ask for that', async () => {
	await grit(jo);
	const page = await look({ ...desktop, reducedMotion: 'reduce' });
	await hold(page, 'Jo');
	expect(await page.evaluate('document.getAnimations().length')).toBe(0);
});

it('can be used while five hundred phones get a broadcast', async () => {
	const page = await look();
	const asked: string[] = [];
	page.on('request', (request) => asked.push(request.url()));
	const numbers = Array.from({ length: 500 }, (_, index) => `+4477009${String(100000 + index).slice(1)}0`);
	await Promise.all(numbers.map((number) => send(sandbox, grittingNotice(number))));
	await page.getByLabel('Find a phone').fill('Jo');
	await page.getByText(/502 phones, \d+ found/).waitFor();
	await sandbox.idle();
	await page.getByLabel('Find a phone').fill('');
	await page.getByText('502 phones, 60 shown').waitFor();
	for (let count = 60; count < 502; count += 60) {
		await page.getByRole('button', { name: 'Show more phones' }).click();
		await page.locator('.card').nth(Math.min(count + 59, 501)).waitFor({ state: 'attached' });
	}
	expect(await page.locator('.wall [data-tick=read]').count()).toBeGreaterThan(450);
	expect(asked.length, 'changes come bundled').toBeLessThan(60);
	await hold(page, 'Kim');
	await page.getByLabel('Message to the council').fill('Still here');
	await page.keyboard.press('Enter');
	await page.locator('#chat').getByText('Still here').waitFor();
});

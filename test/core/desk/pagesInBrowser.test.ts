import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Desk } from '../../../core/desk/desk';
import { recordResults, type RequestResult } from '../../../core/dispatch/recordResults';
import { signOffPage } from '../../../core/desk/signOff/signOffPage';
import { finishRun } from '../../../core/dispatch/finishRun';
import { servePages } from '../../council/deskServer';
import { startOffice, type Office } from '../../council/office';
import { claimIn, deskIn, startIn } from '../../council/officeSteps';
import { axeFaults } from '../../n8n/axeFaults';
import { browserPath, openBrowser, tabTo, visitPage, widthOf, type Visit } from '../../n8n/browser';
import { arabic, returnedView, sendingView, someView } from './views';

/** Where a proxy may put n8n, and what n8n puts before the desk. */
const path = '/council/n8n/webhook/5f0c/civic';

/** Asks for a page that is not shut in: the checker of accessibility waits on timers, which such a page does not get. */
const unshut = 'x-unshut';

const phone: BrowserContextOptions = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 3, isMobile: true, hasTouch: true };
const looks: Array<[string, BrowserContextOptions, 'large' | 'normal']> = [
	['on a phone', phone, 'normal'],
	['on a phone in the dark', { ...phone, colorScheme: 'dark' }, 'normal'],
	['on a phone with text twice as large', phone, 'large'],
	['on a desk', { viewport: { width: 1280, height: 900 } }, 'normal'],
	['on a desk in the dark with text twice as large', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }, 'large'],
	['in forced colours', { viewport: { width: 1280, height: 900 }, forcedColors: 'active' }, 'normal'],
];

/** Pages that no request of the office leads to yet. */
const drawn = {
	returned: () => signOffPage(returnedView()),
	refusedTick: () => signOffPage(returnedView(), { refusal: { status: 422, message: 'Tick that you understand.', hint: 'Then approve again.', field: 'understood' } }),
	refusedWords: () => signOffPage(returnedView(), { refusal: { status: 422, message: 'Say why.', hint: 'The service reads it.', field: 'reason', typed: { reason: 'No.' } } }),
	refusedChange: () => signOffPage(returnedView(), { refusal: { status: 422, message: 'Say what to change.', hint: 'The service reads it.', field: 'change' } }),
	waiting: () => signOffPage(someView({ mayDecide: false })),
	held: () => signOffPage(sendingView({ state: 'held', heldReason: 'Too many messages failed.' })),
	stop: () => signOffPage(sendingView(), { live: true }),
	arabic: () => signOffPage(someView({ messages: [{ language: 'ar', message: arabic }] })),
	longWords: () => signOffPage(someView({ requester: 'W'.repeat(300), messages: [{ language: 'de', message: { ...arabic, body: `https://aldersea.example/${'a'.repeat(900)}` } }] })),
};

// A machine without a browser runs the other tests all the same; where every change is checked it has to have one.
describe.skipIf(browserPath === undefined && process.env.CI === undefined)('the pages of the desk in a browser', () => {
	let office: Office;
	let desk: Desk;
	let server: Server;
	let browsers: Record<'large' | 'normal', Browser>;
	/** Tokens by what their page shows. */
	let tokens: Record<string, string>;

	beforeAll(async () => {
		browsers = { normal: await openBrowser(), large: await openBrowser(['--blink-settings=defaultFontSize=32,minimumFontSize=0']) };
		office = await startOffice();
		desk = deskIn(office);
		server = await servePages(async (request) => {
			const name = request.token ?? '';
			const page = await (Object.hasOwn(drawn, name) ? drawn[name as keyof typeof drawn]() : desk.page(request));
			if (request.header(unshut) === undefined) return page;
			return { ...page, headers: { ...page.headers, 'content-security-policy': (page.headers['content-security-policy'] ?? '').replace(/; sandbox.*$/, '') } };
		}, path);
		tokens = { ...Object.fromEntries(Object.keys(drawn).map((name) => [name, name])), ...(await requests()), wrong: 'A'.repeat(43) };
	}, 60_000);
	afterAll(async () => {
		server?.closeAllConnections();
		await new Promise((resolve) => server?.close(resolve));
		await Promise.all([...Object.values(browsers ?? {}).map((browser) => browser.close()), office?.stop()]);
	});

	/** Each is a matter of its own, so that none takes the place of another. */
	let matters = 0;

	async function ask(): Promise<{ token: string; draft: Awaited<ReturnType<Office['draft']>> }> {
		const draft = await office.draft({ purpose: `matter ${(matters += 1)}`, feed: { source: 'Open-Meteo', id: 'frost-1', time: '2026-11-20T12:00:00Z', hash: 'ab' }, warnings: ['This is a marketing template.'] });
		const { links } = await office.ask(draft.id);
		return { draft, token: links[0]?.token ?? '' };
	}

	/** One request in each state that the store knows. */
	async function requests(): Promise<Record<string, string>> {
		const [question, rejected, approved, sending, finished] = [await ask(), await ask(), await ask(), await ask(), await ask()];
		await office.decide(rejected.token, rejected.draft, { decision: 'reject', reason: 'Route 2 is closed.\nWait for the works.' });
		for (const { token, draft } of [approved, sending, finished]) await office.decide(token, draft);
		await startIn(office, sending.draft);
		const run = await startIn(office, finished.draft);
		const { deliveries } = await claimIn(office, run);
		const results = deliveries.map(({ id }, place): RequestResult => ({ id, outcome: 'accepted', messageId: `wamid.${place}` }));
		await office.store.execute(recordResults, { ...run, results });
		await office.store.execute(finishRun, run);
		const late = await office.draft({ purpose: 'late' });
		const { links } = await office.ask(late.id, { decideWithinHours: 0.01 });
		office.clock.advance(60_000);
		const found = { question, rejected, approved, sending, finished };
		return { ...Object.fromEntries(Object.entries(found).map(([name, { token }]) => [name, token])), expired: links[0]?.token ?? '' };
	}

	const addressOf = (token: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}/desk/${token}`;
	const open = (token: string, options: BrowserContextOptions = phone, size: 'large' | 'normal' = 'normal') => visitPage(browsers[size], addressOf(token), options);
	/** A browser says so when a page was answered with an error; what else it says is one. */
	const complaintsIn = ({ complaints }: Visit) => complaints.filter((text) => !/Failed to load resource: the server responded with a status of 4\d\d/.test(text));
	/** A tick box shows its focus on the square that is drawn before its label. */
	const focusIsSeen = (page: Page) =>
		page.evaluate<boolean>('(({ boxShadow }) => boxShadow !== "none")(document.activeElement.id === "understood" ? getComputedStyle(document.activeElement.nextElementSibling, "::before") : getComputedStyle(document.activeElement))');

	describe.each(looks)('%s', (_, options, size) => {
		it('have no fault by WCAG 2.2 AA in any state, fit the width, and have targets that can be hit', async () => {
			expect(Object.keys(tokens)).toEqual(expect.arrayContaining(['question', 'rejected', 'approved', 'sending', 'finished', 'expired', 'wrong', 'returned', 'held']));
			// The drawn ones hold every component; those of the office are looked at once.
			const states = Object.entries(tokens).filter(([state]) => options === phone || state === 'wrong' || Object.hasOwn(drawn, state));
			const visit = await open('wrong', { ...options, extraHTTPHeaders: { [unshut]: 'yes' } }, size);
			const { page } = visit;
			for (const [state, token] of states) {
				await page.goto(addressOf(token));
				await page.evaluate('document.querySelectorAll("details").forEach((part) => { part.open = true; })');
				expect([state, await axeFaults(page)]).toEqual([state, []]);
				expect([state, await widthOf(page)]).toEqual([state, options.viewport?.width]);
				for (const target of await page.locator('button, summary, input[type=checkbox]').all()) expect([state, ((await target.boundingBox())?.height ?? 0) >= 40]).toEqual([state, true]);
				expect([state, await page.locator('h1').count()]).toEqual([state, 1]);
			}
			expect(complaintsIn(visit)).toEqual([]);
			await visit.leave();
		}, 180_000);
	});

	it('doubles what one reads when the text is doubled', async () => {
		const sizes = await Promise.all(
			(['normal', 'large'] as const).map(async (size) => {
				const { page, leave } = await open(tokens.question ?? '', phone, size);
				const read = await page.evaluate<string[]>('["h1", ".govuk-body", ".desk-bubble", "label", "button", "dt"].map((place) => getComputedStyle(document.querySelector(place)).fontSize)');
				await leave();
				return read.map(parseFloat);
			}),
		);
		expect(sizes[1]).toEqual(sizes[0]?.map((size) => size * 2));
	});

	it('is ticked and approved by touch, below the path of a proxy, and then followed live until one stops that', async () => {
		const { token } = await ask();
		const visit = await open(token);
		const { page } = visit;
		await page.getByRole('button', { name: 'Approve and send' }).tap();
		expect(await page.evaluate('document.activeElement.id'), 'the browser asks for the tick').toBe('understood');
		await page.getByLabel('I understand that this messages 2 people').tap();
		await page.getByRole('button', { name: 'Approve and send' }).tap();
		await page.getByRole('heading', { level: 1, name: 'Approved' }).waitFor();
		expect(page.url()).toBe(addressOf(token));
		await page.getByRole('link', { name: 'Follow this live' }).tap();
		await page.waitForURL(`${addressOf(token)}?live=on`);
		const reloaded = page.waitForEvent('load', { timeout: 15_000 });
		await reloaded;
		await page.getByRole('link', { name: 'Stop that' }).tap();
		await page.getByRole('link', { name: 'Follow this live' }).waitFor();
		expect(complaintsIn(visit)).toEqual([]);
		await visit.leave();
	});

	it('is rejected with the keyboard alone, and every stop on the way can be seen', async () => {
		const { token } = await ask();
		const { page, leave } = await open(token, { viewport: { width: 1280, height: 900 } });
		await tabTo(page, /^Skip to main content$/, 1);
		expect(await page.getByRole('link', { name: 'Skip to main content' }).boundingBox()).toMatchObject({ x: 0 });
		await tabTo(page, /I understand that this messages/);
		expect(await focusIsSeen(page)).toBe(true);
		await tabTo(page, /Approve and send/);
		expect(await focusIsSeen(page)).toBe(true);
		await tabTo(page, /^Reject it$/);
		await page.keyboard.press('Enter');
		await tabTo(page, /Why not\?/);
		await page.keyboard.type('The forecast has changed.');
		await tabTo(page, /^Reject$/);
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { level: 1, name: 'Rejected' }).waitFor();
		await page.getByText('The forecast has changed.').first().waitFor();
		await leave();
	});

	it('leads from the summary of an error to the field, and keeps the words', async () => {
		const { page, leave } = await open('refusedWords');
		await page.getByRole('link', { name: 'Say why.' }).tap();
		expect(await page.evaluate('document.activeElement.id')).toBe('reason');
		expect(await page.getByLabel('Why not?').inputValue()).toBe('No.');
		await leave();
	});

	it('tells a screen reader what each part is', async () => {
		const { page, leave } = await open(tokens.question ?? '');
		const tree = await page.locator('body').ariaSnapshot();
		for (const part of ['- banner:', '- main:', 'heading "Sign-off needed" [level=1]', 'checkbox "I understand that this messages 2 people"', 'button "Approve and send"', 'table "People by area"']) expect(tree).toContain(part);
		await leave();
	});

	it('can be read and used without style', async () => {
		const { token } = await ask();
		const { page, leave } = await open(token, { ...phone, bypassCSP: true });
		await page.evaluate('document.querySelector("style").remove()');
		expect(await widthOf(page)).toBeLessThanOrEqual(360);
		await page.getByLabel('I understand that this messages').tap();
		await page.getByRole('button', { name: 'Approve and send' }).tap();
		await page.getByRole('heading', { level: 1, name: 'Approved' }).waitFor();
		await leave();
	});

	it('works with scripts switched off and without a cookie', async () => {
		const { token } = await ask();
		const { page, leave } = await open(token, { ...phone, javaScriptEnabled: false });
		await page.getByText('Reject it').tap();
		await page.getByLabel('Why not?').fill('Not tonight.');
		await page.getByRole('button', { name: 'Reject' }).tap();
		await page.getByRole('heading', { level: 1, name: 'Rejected' }).waitFor();
		expect(await page.context().cookies()).toEqual([]);
		await leave();
	});
});

import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askedToSign, openAldersea, peopleFile, type Aldersea } from './aldersea';
import { openBrowser, tabTo, visitPage, widthOf, type Visit } from './browser';
import { byForm, chain, draft, gate, send } from './smallFlows';

const people = 5;

let aldersea: Aldersea;
let browser: Browser;
let workflowId: string;

beforeAll(async () => {
	browser = await openBrowser();
	aldersea = await openAldersea({ residents: peopleFile(people, 'Route 1') });
	const { channel, rest } = aldersea;
	const flow = chain('Signed and sent', [byForm(), draft(channel, 'Route 1'), gate(channel), send(channel)], { Gate: [[], [], ['Send']] });
	({ id: workflowId } = await rest.saveWorkflow(flow));
});

afterAll(async () => {
	await browser?.close();
	await aldersea?.remove();
});

interface SignOffVisit extends Visit {
	id: string;
}

/** Runs the flow to its gate and opens the link. */
async function visit(options: BrowserContextOptions): Promise<SignOffVisit> {
	const { id, link } = await askedToSign(aldersea, workflowId);
	return { id, ...(await visitPage(browser, link, options)) };
}

const phone: BrowserContextOptions = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 3, isMobile: true, hasTouch: true };

describe('the sign-off page in a browser', () => {
	it('is read, ticked and approved on a phone, and goes on to the result by itself', async () => {
		const { id, page, complaints, leave } = await visit(phone);
		expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Sign-off needed');
		expect(await page.content(), 'the page holds no script').not.toMatch(/<script|\son\w+=/i);
		expect(await widthOf(page)).toBeLessThanOrEqual(360);
		for (const button of await page.getByRole('button').all()) expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
		expect(await page.locator('.desk-bubble').innerText()).toContain('Route 1');

		await page.getByRole('button', { name: 'Approve and send' }).tap();
		expect((await aldersea.rest.execution(id)).status, 'nothing happens without the tick').toBe('waiting');
		await page.getByLabel(`I understand that this messages ${people} people`).tap();
		await page.getByRole('button', { name: 'Approve and send' }).tap();
		await page.getByRole('heading', { name: 'Approved' }).waitFor();
		expect((await aldersea.rest.ended(id)).status).toBe('success');
		await page.getByRole('link', { name: 'Follow this live' }).tap();
		await page.getByText('The message was sent.').waitFor({ timeout: 30_000 });
		await page.getByText(`${people} of ${people} people`).first().waitFor();
		expect(await page.getByRole('button').count()).toBe(0);
		expect(await widthOf(page)).toBeLessThanOrEqual(360);
		expect(complaints).toEqual([]);
		await leave();
	});

	it('is rejected with the keyboard alone, in the dark', async () => {
		const { id, page, complaints, leave } = await visit({ colorScheme: 'dark', viewport: { width: 1280, height: 800 } });
		await tabTo(page, /^Reject it$/);
		await page.keyboard.press('Enter');
		await tabTo(page, /Why not\?/);
		await page.keyboard.type('The forecast has changed.');
		await tabTo(page, /^Reject$/);
		expect(await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle'), 'the focus can be seen').not.toBe('none');
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: 'Rejected' }).waitFor();
		await page.getByText('“The forecast has changed.”').first().waitFor();
		expect((await aldersea.rest.ended(id)).status).toBe('success');
		expect(complaints).toEqual([]);
		await leave();
	});

	it('is approved with the keyboard alone', async () => {
		const { id, page, complaints, leave } = await visit({ viewport: { width: 1280, height: 800 } });
		await tabTo(page, /I understand that this messages/);
		await page.keyboard.press('Space');
		await tabTo(page, /Approve and send/);
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: 'Approved' }).waitFor();
		expect((await aldersea.rest.ended(id)).status).toBe('success');
		expect(complaints).toEqual([]);
		await leave();
	});

	it('works without JavaScript', async () => {
		const { id, page, leave } = await visit({ ...phone, javaScriptEnabled: false });
		await page.getByLabel('I understand that this messages').tap();
		await page.getByRole('button', { name: 'Approve and send' }).tap();
		await page.getByRole('heading', { name: 'Approved' }).waitFor();
		expect((await aldersea.rest.ended(id)).status).toBe('success');
		await leave();
	});
});

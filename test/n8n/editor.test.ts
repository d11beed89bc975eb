import { randomUUID } from 'node:crypto';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { owner } from '../../apps/demo/aldersea';
import { openAldersea, peopleFile, type Aldersea } from './aldersea';
import { openBrowser } from './browser';

let aldersea: Aldersea;
let browser: Browser;

beforeAll(async () => {
	browser = await openBrowser();
	aldersea = await openAldersea({ residents: peopleFile(1, 'Route 1') });
});

afterAll(async () => {
	await browser?.close();
	await aldersea?.remove();
});

/** The panel of a Draft, as a person has it open. @param parameters over those of a filled-in node */
async function openDraft(parameters: object = {}): Promise<Page> {
	const { rest, channel, n8n } = aldersea;
	const filledIn = {
		resource: 'broadcast',
		operation: 'draft',
		title: 'Gritting tonight',
		service: 'Highways',
		template: { __rl: true, mode: 'name', value: 'gritting_notice|en_GB' },
		templateValues: { mappingMode: 'defineBelow', value: { body_routes: 'Route 1', body_time: '18:00', body_note: 'Pavements are not treated, and neither are the side streets of Saltmarsh.' }, matchingColumns: [], schema: [] },
		topic: 'Winter roads',
		areas: 'Route 1',
		requestedBy: 'Priya Raman',
		...parameters,
	};
	const node = { id: randomUUID(), name: 'Draft', type: 'n8n-nodes-civic-comms.civicWhatsApp', typeVersion: 1, position: [0, 0], parameters: filledIn, credentials: { civicWhatsAppApi: channel } };
	// A flow of its own each time: n8n keeps a flow for a while for the page that has changed it.
	const { id } = await rest.saveWorkflow({ name: `Draft ${node.id}`, nodes: [node], connections: {} });
	const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } });
	const entered = await context.request.post(`${n8n.url}/rest/login`, { data: { emailOrLdapLoginId: owner.email, password: owner.password } });
	expect(entered.ok()).toBe(true);
	const page = await context.newPage();
	await page.goto(`${n8n.url}/workflow/${id}/${node.id}`);
	await expect.poll(() => valueField(page, 'time').inputValue(), { timeout: 30_000 }).toBe('18:00');
	return page;
}

const preview = (page: Page) => page.locator('[data-test-id="resource-locator-messagePreview"] input');

const places = ['routes', 'time', 'note'] as const;

/** A field of the form, which shows them in the order of the template. */
function valueField(page: Page, name: (typeof places)[number]): Locator {
	return page.locator('[data-test-id="resource-mapper-container"]').locator('input:visible, textarea:visible').nth(places.indexOf(name));
}

/** What the opened preview says, which is closed again. */
async function readPreview(page: Page): Promise<string[]> {
	await preview(page).click();
	await page.locator('[data-test-id="rlc-item"]', { hasText: '[Stop these]' }).waitFor();
	const items = page.locator('[data-test-id="rlc-item"] span:first-child');
	const lines = await items.allInnerTexts();
	const whole = `[...document.querySelectorAll('[data-test-id="rlc-item"] span:first-child')].every(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)`;
	expect(await page.evaluate<boolean>(whole), 'n8n cuts nothing off').toBe(true);
	await page.keyboard.press('Escape');
	return lines;
}

async function fill(page: Page, name: (typeof places)[number], value: string): Promise<void> {
	await valueField(page, name).fill(value);
	await valueField(page, name).blur();
}

describe('the preview of a Draft in the editor', () => {
	it.each([
		['the other fields are known', {}],
		['another field waits for what the flow brings', { areas: '={{ $json.routes }}' }],
	])('shows the values as they are now, whole, while %s', async (_, parameters) => {
		const page = await openDraft(parameters);
		expect((await readPreview(page)).join(' ')).toMatch(/^Gritting tonight We plan to grit these routes tonight: Route 1\. Treatment starts at 18:00\. Pavements are not treated, .* \[Stop these\]$/);
		await fill(page, 'routes', 'Route 7 and Harbour Road');
		// n8n takes over what was typed a moment later.
		await expect.poll(async () => (await readPreview(page)).join(' '), { timeout: 10_000 }).toContain('tonight: Route 7 and Harbour Road. Treatment');
		await fill(page, 'time', '19:30');
		await expect.poll(async () => (await readPreview(page)).join(' '), { timeout: 10_000 }).toContain('Treatment starts at 19:30.');
		await page.context().close();
	});

	it('keeps no line that was picked', async () => {
		const page = await openDraft();
		const lines = await readPreview(page);
		await preview(page).click();
		await page.locator('[data-test-id="rlc-item"]').nth(2).click();
		await expect.poll(() => preview(page).inputValue()).toBe('');
		expect(await readPreview(page)).toEqual(lines);
		await page.context().close();
	});
});

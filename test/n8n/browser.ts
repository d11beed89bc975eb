import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** The browser of this machine, or undefined. */
export const browserPath = places.find((path) => path !== undefined && existsSync(path));

/** @param args further arguments for Chromium */
export async function openBrowser(args: string[] = []): Promise<Browser> {
	const executablePath = browserPath;
	if (executablePath === undefined) {
		throw new Error('The pages are tested in a browser, and this machine has none. Install Chromium (apt-get install -y chromium), or name one in CHROMIUM.');
	}
	return chromium.launch({ executablePath, args: ['--no-sandbox', ...args] });
}

export interface Visit {
	page: Page;
	/** What the browser complained of. */
	complaints: string[];
	leave(): Promise<void>;
}

/** A page in a context of its own, in British English. */
export async function visitPage(browser: Browser, address: string, options: BrowserContextOptions): Promise<Visit> {
	const context = await browser.newContext({ locale: 'en-GB', ...options });
	const page = await context.newPage();
	const complaints: string[] = [];
	page.on('console', (line) => {
		// A page that is shut in without scripts: the browser says so of what the test itself runs in it.
		const isOurs = line.text().startsWith('Blocked script execution');
		if (['error', 'warning'].includes(line.type()) && !isOurs) complaints.push(line.text());
	});
	page.on('pageerror', ({ message }) => complaints.push(message));
	page.on('requestfailed', (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`));
	await page.goto(address);
	return { page, complaints, leave: () => context.close() };
}

/** As wide as the page would like to be, in CSS pixels. */
export function widthOf(page: Page): Promise<number> {
	return page.evaluate<number>('document.documentElement.scrollWidth');
}

/** Presses Tab until the focus is on a control of that name. */
export async function tabTo(page: Page, accessibleName: RegExp, mostPresses = 20): Promise<void> {
	for (let presses = 0; presses < mostPresses; presses++) {
		await page.keyboard.press('Tab');
		const focused = await page.evaluate<string>('(({ activeElement: on }) => on?.ariaLabel ?? on?.labels?.[0]?.textContent ?? on?.textContent ?? "")(document)');
		if (accessibleName.test(focused)) return;
	}
	throw new Error(`Tab never came to ${accessibleName}.`);
}

import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** What a checker of accessibility finds fault with, by WCAG 2.2 AA and good practice: rule and place. */
export async function axeFaults(page: Page): Promise<string[]> {
	// Colours are judged as they are when nothing moves any more.
	await page.evaluate('Promise.all(document.getAnimations().map((animation) => animation.finished))');
	await page.evaluate(axe.source);
	const { violations } = await page.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })');
	return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`));
}

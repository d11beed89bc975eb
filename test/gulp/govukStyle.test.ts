import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pageStyle } from '../../core/desk/style/pageStyle';

const root = resolve(__dirname, '../..');
const { govukStyle } = createRequire(__filename)('../../gulp/govukStyle') as { govukStyle(task: { root: string }): Promise<string> };

describe('the style of the pages', () => {
	it('holds the rules of govuk-frontend for the classes in use, as "npx gulp style" makes it', async () => {
		expect(readFileSync(join(root, 'core/desk/style/govuk.css'), 'utf8'), 'run: npx gulp style').toBe(await govukStyle({ root }));
	});

	it('loads nothing and brings neither crown nor typeface of GOV.UK', () => {
		expect(pageStyle).not.toMatch(/url\(|@font-face|@import|GDS|crown(?! copyright)/i);
	});

	it('is small enough to travel with every page', () => {
		expect(Buffer.byteLength(pageStyle)).toBeLessThan(40_000);
	});

	it('knows every class of ours that a page names, and names every class that it knows', async () => {
		const { readdir } = await import('node:fs/promises');
		const files = (await readdir(join(root, 'core/desk'), { recursive: true })).filter((file) => file.endsWith('.ts'));
		const named = new Set(files.flatMap((file) => readFileSync(join(root, 'core/desk', file), 'utf8').match(/\bdesk-[\w-]+/g) ?? []));
		const known = new Set(readFileSync(join(root, 'core/desk/style/desk.css'), 'utf8').match(/(?<=\.)desk-[\w-]+/g));
		expect([...known].filter((name) => !named.has(name))).toEqual([]);
		expect([...named].filter((name) => !known.has(name))).toEqual([]);
	});
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import { coreTiers } from '../../eslint.arrows.mjs';

const root = join(__dirname, '../..');
const arrow = 'import-x/no-restricted-paths';
const named = 'no-restricted-imports';
const spelled = 'no-restricted-syntax';

/** Only the rules about imports: the files need not exist, so nothing that asks the compiler may run. */
const eslint = new ESLint({
	cwd: root,
	overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parserOptions: { projectService: false } } }],
	ruleFilter: ({ ruleId }) => [arrow, named, spelled].includes(ruleId),
});

async function refusals(file: string, code: string): Promise<string[]> {
	const [result] = await eslint.lintText(code, { filePath: join(root, file) });
	expect(result?.fatalErrorCount).toBe(0);
	return (result?.messages ?? []).map(({ ruleId }) => String(ruleId));
}

const importing = (name: string) => `import { x } from '${name}';\nexport { x };\n`;

const everyPair = coreTiers.flatMap((tier, depth) =>
	tier.flatMap((folder) => coreTiers.flatMap((other, otherDepth) => other.map((known) => ({ folder, known, allowed: otherDepth >= depth })))),
);

describe('the arrows between the parts', () => {
	it.each([
		['core/ledger/x.ts', '../../nodes/AuditLog/x'],
		['core/errors.ts', '../nodes/shared/x'],
		['core/desk/x.ts', '../../apps/receiver/x'],
		['core/store/x.ts', '../../test/x'],
		['core/world.ts', './store/store'],
		['core/store/x.ts', '../commands'],
		['credentials/X.credentials.ts', '../nodes/shared/x'],
		['nodes/AuditLog/x.ts', '../../apps/sandbox/x'],
		['nodes/AuditLog/x.ts', '../../test/x'],
		['index.ts', './apps/verify/x'],
		['apps/receiver/x.ts', '../../nodes/shared/x'],
		['apps/verify/x.ts', '../../core/ledger/tree'],
		['apps/verify/x.ts', '../receiver/x'],
	])('refuse %s importing %s', async (file, name) => {
		expect(await refusals(file, importing(name))).toEqual([arrow]);
	});

	it.each([
		['nodes/AuditLog/x.ts', '../../core/ledger/tree'],
		['nodes/AuditLog/x.ts', '../shared/x'],
		['apps/receiver/x.ts', '../../core/desk/x'],
		['apps/verify/x.ts', './note'],
		['credentials/X.credentials.ts', '../core/channel/rules'],
		['core/commands.ts', './desk/x'],
		['core/index.ts', './ledger/tree'],
		['core/ledger/x.ts', '../errors'],
		['core/ledger/deeper/x.ts', '../../world'],
		['index.ts', './nodes/AuditLog/AuditLog.node'],
		['test/core/ledger/x.test.ts', '../../../core/ledger/tree'],
	])('allow %s importing %s', async (file, name) => {
		expect(await refusals(file, importing(name))).toEqual([]);
	});

	it.each(['n8n-workflow', 'n8n-core', 'n8n-workflow/common', '@n8n/config'])('refuse %s in the core', async (name) => {
		expect(await refusals('core/ledger/x.ts', importing(name))).toEqual([named]);
		expect(await refusals('core/world.ts', importing(name))).toEqual([named]);
		expect(await refusals('nodes/AuditLog/x.ts', importing(name))).toEqual([]);
	});

	it.each([
		`import type { X } from '../desk/x';\nexport type Y = X;\n`,
		`export * from '../desk/x';\n`,
		`export const x = import('../desk/x');\n`,
		`export const x = require('../desk/x');\n`,
	])('hold for every way of importing: %s', async (code) => {
		expect(await refusals('core/store/x.ts', code)).toEqual([arrow]);
	});

	it('hold for an import inside a type, which no rule about imports looks at', async () => {
		const code = (name: string) => `export type X = import('${name}').X;\n`;
		expect(await refusals('core/store/x.ts', code('../desk/x'))).toEqual([spelled]);
		expect(await refusals('core/store/x.ts', code('n8n-workflow'))).toEqual([spelled]);
		expect(await refusals('nodes/AuditLog/x.ts', code('../../apps/sandbox/x'))).toEqual([spelled]);
	});

	it('hold for n8n asked for while the core runs', async () => {
		expect(await refusals('core/store/x.ts', `export const x = import('n8n-workflow');\n`)).toEqual([spelled]);
		expect(await refusals('core/world.ts', `export const x = import('@n8n/config');\n`)).toEqual([spelled]);
	});
});

describe('the tiers of the core', () => {
	it.each(everyPair.filter(({ allowed }) => !allowed))('refuse core/$folder importing core/$known', async ({ folder, known }) => {
		expect(await refusals(`core/${folder}/x.ts`, importing(`../${known}/x`))).toEqual([arrow]);
	});

	it.each(everyPair.filter(({ allowed }) => allowed))('allow core/$folder importing core/$known', async ({ folder, known }) => {
		expect(await refusals(`core/${folder}/x.ts`, importing(`../${known}/x`))).toEqual([]);
	});

	it('name every folder of the core', () => {
		const folders = readdirSync(join(root, 'core'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
		expect(coreTiers.flat()).toEqual(expect.arrayContaining(folders.map(({ name }) => name)));
	});
});

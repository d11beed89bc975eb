import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';

interface FoundName {
	specifier: string;
	kind: string;
	start: number;
	end: number;
}
const load = createRequire(__filename);
const { moduleNames, needsBundling } = load('../../gulp/requires') as {
	moduleNames(fileName: string, text: string): FoundName[];
	needsBundling(specifier: string): boolean;
};
const { packageOf, sharedFile, vendorFile } = load('../../gulp/vendorFile') as Record<string, (specifier: string) => string>;

const found = (text: string) => moduleNames('x.js', text).map(({ kind, specifier }) => `${kind} ${specifier}`);

describe('the module names in a compiled file', () => {
	it('are found wherever a module is asked for', () => {
		expect(found('const a = require("hono"); const b = () => __importDefault(require(\'zod\'));')).toEqual(['require hono', 'require zod']);
		expect(found('import("kysely"); require.resolve("luxon");')).toEqual(['import kysely', 'resolve luxon']);
	});

	it('are not read from comments, texts and names that look alike', () => {
		expect(found('// require("a")\nconst t = \'require("b")\'; const u = `require("c")`; other.require("d"); require(e);')).toEqual([]);
	});

	it('come with the place of the whole literal', () => {
		const text = 'const a = require("hono");';
		const [place] = moduleNames('x.js', text);
		expect(text.slice(place?.start, place?.end)).toBe('"hono"');
	});
});

describe('a module', () => {
	it.each(['./tree', '../errors', 'node:sqlite', 'node:fs/promises', 'fs', 'fs/promises', 'n8n-workflow'])('%s needs no bundle', (name) => {
		expect(needsBundling(name)).toBe(false);
	});

	it.each(['hono', 'csv-parse/sync', '@scope/name', 'n8n-core'])('%s needs one', (name) => {
		expect(needsBundling(name)).toBe(true);
	});

	it('has one flat name below vendor', () => {
		expect(vendorFile?.('libphonenumber-js/max')).toBe('vendor/libphonenumber-js-max.js');
		expect(vendorFile?.('@scope/name/sub/path')).toBe('vendor/scope-name-sub-path.js');
		expect(packageOf?.('@scope/name/sub')).toBe('@scope/name');
		expect(packageOf?.('csv-parse/sync')).toBe('csv-parse');
		expect(sharedFile?.('hono')).toBe('vendor/hono.package.js');
	});
});

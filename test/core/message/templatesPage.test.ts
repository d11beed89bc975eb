import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTemplateLibrary } from '../../../core/message/templateLibrary';
import { placeholdersIn } from '../../../core/whatsapp/placeholders';
import { checkDefinition } from '../../../core/whatsapp/templateDefinition';

const root = join(__dirname, '../../..');
const page = readFileSync(join(root, 'docs/templates.md'), 'utf8');
const library = readTemplateLibrary(join(root, 'workflows/templates'));

describe('the page about templates', () => {
	it('lists the library as it is, row for row', () => {
		const names = new Set(library.map(({ definition }) => definition.name));
		const rows = library
			.filter(({ words }) => words.join() === 'en')
			.map(({ flow, definition: { name, category, components, message_send_ttl_seconds: ttl } }) => {
				const body = components.find((component) => component.type === 'BODY');
				const values = category === 'AUTHENTICATION' ? 'the code' : placeholdersIn(body !== undefined && 'text' in body ? (body.text ?? '') : '').join(', ');
				return `| \`${name}\` | ${flow} | ${category.toLowerCase()} | ${ttl === undefined ? '30 days' : ttl < 3600 ? `${ttl / 60} min` : `${ttl / 3600} h`} | ${values} | ${names.has(`${name}_bilingual`) ? '✓' : ''} |`;
			});
		const told = page.slice(page.indexOf('<!-- table'), page.indexOf('<!-- end of table')).split('\n').filter((line) => line.startsWith('| `'));
		expect(told).toEqual(rows);
	});

	it('shows an example that Meta would take', () => {
		const [, example = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
		expect(checkDefinition(JSON.parse(example)).problems).toEqual([]);
	});
});

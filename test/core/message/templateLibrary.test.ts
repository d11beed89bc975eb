import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { codeLifeMs } from '../../../core/approval/code';
import { definitionToSubmit, findInLibrary, readTemplateLibrary, type LibraryEntry } from '../../../core/message/templateLibrary';
import { isOptIn, isOptOut } from '../../../core/whatsapp/optOutWords';
import { placeholdersIn } from '../../../core/whatsapp/placeholders';
import { checkDefinition } from '../../../core/whatsapp/templateDefinition';
import { templateDifferences } from '../../../core/whatsapp/templateDifferences';
import { parseTemplate } from '../../../core/whatsapp/template';
import { parameterFields, unsupportedParts } from '../../../core/whatsapp/templateParameters';
import { renderTemplate } from '../../../core/whatsapp/templateRendering';

const folder = join(__dirname, '../../../workflows/templates');
const library = readTemplateLibrary(folder);
const rows = library.map((entry): [string, LibraryEntry] => [entry.definition.name, entry]);

/** All but the one for codes, whose words are Meta's. */
const worded = rows.filter(([, { definition }]) => definition.category !== 'AUTHENTICATION');

const part = ({ definition }: LibraryEntry, type: string) => definition.components.find((component) => component.type === type);
const bodyOf = (entry: LibraryEntry) => (part(entry, 'BODY') as { text: string }).text;
const buttonsOf = (entry: LibraryEntry) => (part(entry, 'BUTTONS') as { buttons: Array<{ type: string; text?: string }> } | undefined)?.buttons ?? [];

describe('the template library', () => {
	it('has a template for every sample flow, in English and in Welsh, and one in both for what residents get', () => {
		expect(new Set(library.map(({ flow }) => flow))).toEqual(
			new Set(['gritting', 'traffic', 'bins', 'school', 'flood', 'emergency', 'consultation', 'poll', 'opt-in', 'opt-out', 'sign-off', 'youth-support', 'report']),
		);
		const named = new Map(rows);
		for (const [name, { words, for: whom, flow }] of worded.filter(([, entry]) => entry.words.join() === 'en')) {
			expect(words).toEqual(['en']);
			expect(named.get(`${name}_cy`)?.words).toEqual(['cy']);
			if (whom === 'residents' && flow !== 'youth-support') expect(named.get(`${name}_bilingual`)?.words).toEqual(['cy', 'en']);
		}
	});

	it('holds every name once', () => {
		expect(new Set(library.map(({ definition }) => definition.name)).size).toBe(library.length);
	});

	describe.each(worded)('%s', (name, entry) => {
		const { definition, words, reviewed, optOut, for: whom } = entry;

		it('keeps Meta’s limits, under a language code that Meta has', () => {
			expect(checkDefinition(definition).problems).toEqual([]);
			expect(definition.language).toBe('en_GB');
			expect(definition.parameter_format).toBe('NAMED');
		});

		it('says in its name what language its words are in, and that nobody has checked the Welsh yet', () => {
			expect(name.endsWith('_cy')).toBe(words.join() === 'cy');
			expect(name.endsWith('_bilingual')).toBe(words.length > 1);
			expect(reviewed).toBe(!words.includes('cy'));
		});

		it('lets residents stop it, in words that are obeyed', () => {
			const stops = buttonsOf(entry).filter(({ type, text }) => type === 'QUICK_REPLY' && isOptOut(text ?? ''));
			expect(stops).toHaveLength(optOut ? 1 : 0);
			const said = definition.components.flatMap((component) => (component.type === 'BODY' || component.type === 'FOOTER' ? [component.text] : [])).join(' ');
			const orders = said.match(/\b[A-Z]{4,}\b/g)?.filter((word) => isOptOut(word) || isOptIn(word)) ?? [];
			// Staff have nothing to stop, and whoever has just stopped everything is told the way back.
			if (whom === 'residents') expect(orders.length).toBeGreaterThan(0);
			for (const word of orders) expect(optOut ? isOptOut(word) : isOptIn(word)).toBe(true);
		});

		it('does not reach a phone that is switched on days later, unless it is no alert', () => {
			const ttl = definition.message_send_ttl_seconds;
			if (definition.category === 'UTILITY') expect(ttl).toBeLessThanOrEqual(43_200);
			else expect(ttl).toBeUndefined();
		});

		it('asks for an invitation to have one’s say as marketing, and for nothing else so', () => {
			expect(definition.category).toBe(['consultation', 'poll'].includes(entry.flow) ? 'MARKETING' : 'UTILITY');
		});

		it('can be filled in and shown here, example by example', () => {
			const template = parseTemplate({ ...definition, id: '1', status: 'APPROVED' });
			expect(unsupportedParts(template)).toEqual([]);
			const fields = parameterFields(template).filter(({ required }) => required);
			for (const field of fields) expect([field.key, field.example]).not.toEqual([field.key, '']);
			const shown = renderTemplate(template, Object.fromEntries(fields.map(({ key, example }) => [key, example])));
			expect(shown.body).not.toContain('{{');
		});
	});

	it('brings one for the codes by which approvers confirm, which lasts as long as a code and is for staff', () => {
		const codes = library.filter(({ definition }) => definition.category === 'AUTHENTICATION');
		expect(codes.map(({ definition, for: whom, flow }) => [definition.name, whom, flow])).toEqual([['civic_confirmation_code', 'staff', 'sign-off']]);
		expect(codes.map(({ definition }) => checkDefinition(definition).problems)).toEqual([[]]);
		expect(codes.map(({ definition }) => [definition.language, definition.message_send_ttl_seconds])).toEqual([['en_GB', codeLifeMs / 1000]]);
		expect(JSON.stringify(codes[0]?.definition.components)).toContain(`"code_expiration_minutes":${codeLifeMs / 60_000}`);
	});

	it('fills the same gaps in each language, so that a flow can change the language alone', () => {
		const named = new Map(rows);
		for (const [name, entry] of worded.filter(([, { words }]) => words.join() === 'en')) {
			const english = placeholdersIn(bodyOf(entry)).sort();
			expect(placeholdersIn(bodyOf(named.get(`${name}_cy`) as LibraryEntry)).sort()).toEqual(english);
			const both = named.get(`${name}_bilingual`);
			if (both !== undefined) expect(placeholdersIn(bodyOf(both)).sort()).toEqual(english.flatMap((gap) => [`${gap}_cy`, `${gap}_en`]).sort());
		}
	});

	describe('at the sandbox', () => {
		let sandbox: Sandbox;
		beforeAll(async () => {
			sandbox = await startSandbox({ seed: 1 });
		});
		afterAll(() => sandbox.stop());

		it('finds the one for codes to be what the sandbox starts with', async () => {
			const { definition } = findInLibrary(library, 'civic_confirmation_code', 'en_GB');
			const list = await fetch(`${sandbox.api}/v26.0/${sandbox.businessAccountId}/message_templates?name=civic_confirmation_code`, { headers: { authorization: `Bearer ${sandbox.token}` } });
			const [known] = ((await list.json()) as { data: unknown[] }).data;
			expect(templateDifferences(parseTemplate(known), definition)).toEqual([]);
			const other = { ...definition, components: definition.components.map((of) => (of.type === 'FOOTER' ? { ...of, code_expiration_minutes: 5 } : of.type === 'BODY' ? { type: of.type } : of)) };
			expect(templateDifferences(parseTemplate(known), other)).toEqual([expect.stringContaining('Security') as string, expect.stringContaining('Minutes') as string]);
		});

		it.each(rows)('%s is accepted for review', async (name, { definition }) => {
			// The sandbox knows some of the names already.
			const answer = await fetch(`${sandbox.api}/v26.0/${sandbox.businessAccountId}/message_templates`, {
				method: 'POST',
				headers: { authorization: `Bearer ${sandbox.token}`, 'content-type': 'application/json' },
				body: JSON.stringify({ ...definition, name: `library_${name}` }),
			});
			expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ status: expect.stringMatching(/PENDING|APPROVED/) as string, category: definition.category })]);
		});
	});
});

describe('what is taken out of the library', () => {
	it('is found by name and code, and the refusal lists what there is', () => {
		expect(findInLibrary(library, 'gritting_notice_cy', 'en_GB').words).toEqual(['cy']);
		expect(() => findInLibrary(library, 'gritting_notice', 'cy')).toThrow(expect.objectContaining({ code: 'template.library', hint: expect.stringContaining('gritting_notice_cy') as string }));
	});

	it('leads to this installation’s desk where it carries its link, or is refused while there is no desk', () => {
		const request = findInLibrary(library, 'civic_sign_off_request', 'en_GB');
		const { components } = definitionToSubmit(request, 'https://n8n.aldersea.example/webhook/7b1f/desk/');
		expect(JSON.stringify(components)).toContain('"url":"https://n8n.aldersea.example/webhook/7b1f/desk/{{1}}","example":["https://n8n.aldersea.example/webhook/7b1f/desk/example"]');
		expect(JSON.stringify(components)).not.toContain('council.example');
		expect(() => definitionToSubmit(request, null)).toThrow(expect.objectContaining({ code: 'desk.inactive' }));
		expect(definitionToSubmit(findInLibrary(library, 'road_closed', 'en_GB'), null).name).toBe('road_closed');
	});

	it('is refused by the name of its file when that is broken or missing', () => {
		const place = mkdtempSync(join(tmpdir(), 'civic-library-'));
		expect(() => readTemplateLibrary(place)).toThrow(expect.objectContaining({ code: 'template.library' }));
		for (const words of ['en', 'cy', 'bilingual']) mkdirSync(join(place, words));
		expect(readTemplateLibrary(place)).toEqual([]);
		writeFileSync(join(place, 'en', 'half.json'), '{"flow":');
		expect(() => readTemplateLibrary(place)).toThrow(/half\.json/);
		writeFileSync(join(place, 'en', 'half.json'), '{"flow":"gritting"}');
		expect(() => readTemplateLibrary(place)).toThrow(/half\.json/);
		rmSync(place, { recursive: true });
	});
});

import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readEntries } from '../../../core/ledger/readEntries';
import { readTemplateLibrary } from '../../../core/message/templateLibrary';
import { post } from '../../council/council';
import { flowOf, type Execution, type NodeOfFlow } from '../engine';
import { draftNode } from '../steps';
import { startTownHall, type TownHall } from '../townHall';

const chosen = (value: string) => ({ __rl: true, mode: 'name', value });

function templateNode(operation: string, parameters: Record<string, unknown> = {}): NodeOfFlow {
	return { name: 'Template', type: 'civicWhatsApp', parameters: { resource: 'template', operation, ...parameters } as NodeOfFlow['parameters'] };
}

describe('Template', () => {
	let hall: TownHall;

	beforeAll(async () => {
		hall = await startTownHall({ residents: 1 });
	});
	afterEach(async () => {
		await hall.useChannel();
	});
	afterAll(() => hall.stop());

	const run = (operation: string, parameters: Record<string, unknown> = {}, item: object = {}) => hall.n8n.run(flowOf([templateNode(operation, parameters)]), [item as never]);
	const output = async (operation: string, parameters: Record<string, unknown> = {}, item: object = {}) => {
		const execution = await run(operation, parameters, item);
		if (execution.status !== 'success') throw new Error(`${execution.error?.message} ${execution.error?.description}`);
		return execution.json('Template');
	};
	const refusal = (execution: Execution) => ({ code: execution.error?.context?.code, message: execution.error?.message ?? '', description: execution.error?.description ?? '' });
	const submitted = async (name: string) => (await output('submit', { libraryTemplate: chosen(`${name}|en_GB`) }))[0] ?? {};

	describe('Get', () => {
		it('says what a template says, whether it can be sent, and which values it takes', async () => {
			expect(await output('get', { template: chosen('gritting_notice|en_GB') })).toEqual([
				expect.objectContaining({
					name: 'gritting_notice',
					status: 'APPROVED',
					category: 'UTILITY',
					categoryChangePending: null,
					quality: 'GREEN',
					secondsToLive: 14_400,
					body: expect.stringContaining('{{routes}}') as string,
					values: expect.arrayContaining([{ key: 'body_routes', label: 'Routes', example: 'Harbour Road and Mill Lane', required: true }]) as unknown[],
					warnings: [],
				}),
			]);
			const [rejected] = await output('get', { template: chosen('gritting_rejected_example|en_GB') });
			expect(rejected).toMatchObject({ status: 'REJECTED', rejectedReason: 'PROMOTIONAL' });
			expect((await output('get', { template: chosen('gritting_notice|en_GB'), simplify: false }))[0]).toHaveProperty('components');
		});

		it('refuses a name that Meta does not have, and says that the language counts', async () => {
			expect(refusal(await run('get', { template: chosen('gritting_notice|en') }))).toMatchObject({ code: 'template.unknown', description: expect.stringContaining('en_GB') as string });
		});
	});

	describe('Get Many', () => {
		it('lists templates in every state, as many as are wanted', async () => {
			const all = await output('getMany', { returnAll: true });
			expect(all).toHaveLength(hall.sandbox.templates.all().length);
			expect(new Set(all.map(({ status }) => status))).toEqual(new Set(['APPROVED', 'PAUSED', 'REJECTED', 'DISABLED', 'PENDING']));
			expect(await output('getMany', { returnAll: false, limit: 3 })).toHaveLength(3);
		});

		it('narrows them by name, category and state', async () => {
			const some = await output('getMany', { returnAll: true, filters: { nameContains: 'Gritting', status: ['PAUSED', 'REJECTED'] } });
			expect(some.map(({ name }) => name).sort()).toEqual(['gritting_paused_example', 'gritting_rejected_example']);
			const marketing = await output('getMany', { returnAll: true, filters: { category: 'MARKETING' } });
			expect(marketing.every(({ warnings }) => JSON.stringify(warnings).includes('marketing'))).toBe(true);
		});
	});

	describe('Preview', () => {
		const preview = async (template: string, value: Record<string, string>) => (await output('preview', { template: chosen(template), templateValues: { mappingMode: 'defineBelow', value } }))[0] ?? {};

		it('shows the message as an approver would see it', async () => {
			const shown = await preview('gritting_notice|en_GB', { body_routes: 'Route 1', body_time: '18:00', body_note: 'Take care.' });
			expect(shown).toMatchObject({ ok: true, problems: [], message: { header: 'Gritting tonight' } });
			expect(shown.text).toBe(
				'Gritting tonight\n\nWe plan to grit these routes tonight: Route 1. Treatment starts at 18:00. Take care. Please leave room for the gritters and allow extra time.\n\nAldersea Borough Council. Reply STOP to opt out.\n\n[Stop these]',
			);
		});

		it('shows gaps by name, and says what Draft would refuse', async () => {
			const shown = await preview('gritting_notice|en_GB', { body_routes: 'Route 1', body_time: '18:00\n' });
			expect(shown).toMatchObject({ ok: false, message: { body: expect.stringContaining('[note]') as string } });
			expect((shown.problems as string[]).join(' ')).toMatch(/'Time'.*line break.*'Note' has no value/);
			expect(await preview('gritting_paused_example|en_GB', { body_routes: 'Route 1' })).toMatchObject({ ok: false, problems: [expect.stringContaining('is paused at Meta')] });
		});
	});

	describe('Submit', () => {
		it('registers a template of the library once, and tells how Meta’s review went', async () => {
			const first = await submitted('road_closed_cy');
			expect(first).toMatchObject({ found: 'created', category: 'UTILITY', differences: [], words: expect.stringContaining('was submitted to Meta') as string });
			expect(first.warnings).toEqual([expect.stringContaining('Welsh')]);
			const again = await submitted('road_closed_cy');
			expect(again).toMatchObject({ found: 'same', id: first.id });
			await post(`${hall.sandbox.admin}/templates`, { name: 'road_closed_cy', status: 'REJECTED' });
			expect((await submitted('road_closed_cy')).words).toMatch(/Meta rejected it/);
			await post(`${hall.sandbox.admin}/templates`, { name: 'road_closed_cy', status: 'APPROVED' });
			expect((await submitted('road_closed_cy')).words).toMatch(/approved and can be used/);
			expect(hall.sandbox.templates.all().filter(({ name }) => name === 'road_closed_cy')).toHaveLength(1);
		});

		it('says what differs when Meta has another template of that name, and changes nothing there', async () => {
			const before = hall.sandbox.templates.find('road_closed', 'en_GB')?.components;
			const { found, differences, words } = await submitted('road_closed');
			expect([found, words]).toEqual(['different', expect.stringContaining('Nothing was changed there')]);
			expect((differences as string[]).find((difference) => difference.startsWith('Footer'))).toBe('Footer: Meta has “Aldersea Borough Council. Reply STOP to opt out.”, the definition has “Reply STOP to stop these messages.”.');
			expect(hall.sandbox.templates.find('road_closed', 'en_GB')?.components).toEqual(before);
		});

		it('fills in the address of this desk where the template leads there', async () => {
			const { found } = await submitted('civic_sign_off_request_cy');
			expect(found).toBe('created');
			expect(JSON.stringify(hall.sandbox.templates.find('civic_sign_off_request_cy', 'en_GB')?.components)).toContain(`"url":"${hall.url}/webhook/`);
		});

		it('takes a definition of one’s own as text and as an object', async () => {
			const definition = { name: 'library_closed', language: 'en_GB', category: 'UTILITY', parameter_format: 'NAMED', components: [{ type: 'BODY', text: 'The library is closed on {{day}} this week.', example: { body_text_named_params: [{ param_name: 'day', example: 'Monday' }] } }] };
			expect((await output('submit', { source: 'json', definition: JSON.stringify(definition) }))[0]).toMatchObject({ found: 'created', status: expect.stringMatching(/PENDING|APPROVED/) as string });
			expect((await output('submit', { source: 'json', definition: '={{ $json.definition }}' }, { definition }))[0]).toMatchObject({ found: 'same' });
		});

		it('refuses a definition before Meta does, by the name of the part', async () => {
			const before = hall.sandbox.templates.all().length;
			for (const [definition, words] of [['{"name":', 'is not JSON'], ['{}', "'name' is missing"], ['{"name":"A","language":"cy","category":"UTILITY","components":[]}', "'language' is Welsh"]] as const) {
				expect(refusal(await run('submit', { source: 'json', definition }))).toMatchObject({ code: 'template.definition', message: expect.stringContaining(words) as string });
			}
			expect(refusal(await run('submit', { libraryTemplate: chosen('no_such_template|en_GB') }))).toMatchObject({ code: 'template.library' });
			expect(refusal(await run('submit', { libraryTemplate: chosen('={{ $json.nothing }}') })).message).toContain("'Library Template' is not chosen");
			expect(hall.sandbox.templates.all()).toHaveLength(before);
		});

		it('enters every submission in the ledger', async () => {
			const { id, definitionHash } = await submitted('missed_bin_cy');
			const [entry] = await hall.store.execute(readEntries, { act: 'template.submit', resourceId: id as string, before: null, limit: 1, withDetails: false });
			expect(entry?.entry.ref).toMatchObject({ name: 'missed_bin_cy', language: 'en_GB', found: 'created', definition: definitionHash });
		});
	});

	describe('what the editor asks for', () => {
		const asked = async (method: string, node: NodeOfFlow, filter?: string): Promise<INodeListSearchResult> => {
			const { context, methods } = hall.n8n.loadOptions(flowOf([node]), node.name);
			const found = methods.listSearch?.[method];
			if (found === undefined) throw new Error(method);
			return found.call(context as ILoadOptionsFunctions, filter);
		};

		it('lists templates in every state for looking at, and says the state', async () => {
			const { results } = await asked('searchAllTemplates', templateNode('get'), 'paused');
			expect(results).toEqual([{ name: 'gritting_paused_example (en_GB, paused)', value: 'gritting_paused_example|en_GB' }]);
		});

		it('lists the library from the package as it is installed, with what each is for', async () => {
			const { results } = await asked('searchLibrary', templateNode('submit'));
			expect(results).toHaveLength(readTemplateLibrary('workflows/templates').length);
			const welsh = await asked('searchLibrary', templateNode('submit'), 'gritting_notice_cy');
			// n8n shows nothing but the name in such a list.
			expect(welsh.results).toEqual([{ name: 'gritting_notice_cy (Welsh, not reviewed): Which routes are gritted tonight, and from when', value: 'gritting_notice_cy|en_GB' }]);
		});

		describe('the preview in Draft', () => {
			const lines = async (changes: Record<string, unknown>) => {
				const { results } = await asked('previewMessage', draftNode(changes));
				expect(new Set(results.map(({ value }) => value)).size, 'n8n shows entries of one value once').toBe(results.length);
				return results.map(({ name }) => name);
			};
			const withValues = (value: Record<string, unknown>) => lines({ templateValues: { mappingMode: 'defineBelow', value } });

			it('shows the whole message with the values entered so far, in lines that n8n does not cut off', async () => {
				const note = 'Pavements are not treated, and neither are the side streets of Saltmarsh, where grit bins stand at every corner.';
				const shown = await withValues({ body_routes: 'Route 7', body_time: '18:00', body_note: note });
				expect(shown.slice(0, 2)).toEqual(['Gritting tonight', 'We plan to grit these routes tonight: Route 7. Treatment']);
				expect(shown.slice(-2)).toEqual(['Aldersea Borough Council. Reply STOP to opt out.', '[Stop these]']);
				expect(shown.join(' ')).toContain(`Treatment starts at 18:00. ${note} Please leave room`);
				expect(Math.max(...shown.map(({ length }) => length))).toBeLessThanOrEqual(56);
			});

			it.each([['as n8n has it', '={{ $json.time }}'], ['as the editor gives it', null]])('shows the name of a gap whose expression is not known yet, %s', async (_, body_time) => {
				const shown = (await withValues({ body_routes: 'Route 7', body_time, body_note: 'Take care.' })).join(' ');
				expect(shown).toContain('Treatment starts at [time].');
				expect(shown).toContain("Not ready: 'Time' has no value. What an expression gives shows once the steps before have run.");
			});

			it('asks for a template first', async () => {
				expect(await lines({ template: '' })).toEqual(['Choose a template first.']);
			});
		});
	});
});

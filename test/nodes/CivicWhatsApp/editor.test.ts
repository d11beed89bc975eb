import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ICredentialsDecrypted, ICredentialTestFunctions, ILoadOptionsFunctions, INodeCredentialTestResult, INodeListSearchResult, ResourceMapperFields } from 'n8n-workflow';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { channelFields } from '../../council/council';
import { flowOf, n8nWorkflow, packageNodes } from '../engine';
import { draftNode, sendNode } from '../steps';
import { startTownHall, type TownHall } from '../townHall';

describe('what the editor asks a node for', () => {
	let hall: TownHall;

	beforeAll(async () => {
		hall = await startTownHall({ residents: 1, desk: false });
	});
	afterEach(async () => {
		await hall.useChannel();
	});
	afterAll(() => hall.stop());

	const list = async (method: string, filter?: string) => {
		const { context, methods } = hall.n8n.loadOptions(flowOf([sendNode()]), 'Send');
		return (await methods.listSearch?.[method]?.call(context as ILoadOptionsFunctions, filter)) as INodeListSearchResult;
	};
	const fields = async (template: string) => {
		const { context, methods } = hall.n8n.loadOptions(flowOf([draftNode({ template })]), 'Draft');
		return (await methods.resourceMapping?.getTemplateFields?.call(context as ILoadOptionsFunctions)) as ResourceMapperFields;
	};

	it('lists every approved template, from all pages, in order', async () => {
		const { results } = await list('searchTemplates');
		const approved = hall.sandbox.templates.all().filter(({ status }) => status === 'APPROVED');
		expect(results).toHaveLength(approved.length);
		expect(results.length).toBeGreaterThan(25);
		expect(results.map(({ value }) => value)).toContain('gritting_notice|en_GB');
		expect(results.map(({ name }) => name)).toEqual([...results.map(({ name }) => name)].sort((one, other) => one.localeCompare(other, 'en-GB')));
		expect(JSON.stringify(results)).not.toMatch(/paused_example|rejected_example|disabled_example|pending_example/);
	});

	it('narrows the list by what is typed', async () => {
		expect((await list('searchTemplates', ' FLOOD ')).results.map(({ value }) => value)).toEqual(['flood_all_clear|en_GB', 'flood_warning|en_GB']);
	});

	it('says in words that the token is wrong, instead of showing an empty list', async () => {
		hall.n8n.credentials.civicWhatsAppApi = channelFields(hall.sandbox, { accessToken: 'a-token-that-is-wrong' }) as never;
		const thrown = await list('searchTemplates').catch((error: Error) => error);
		expect(thrown).toBeInstanceOf(n8nWorkflow.UserError);
		expect((thrown as Error).message).toMatch(/token|credential/i);
		expect((thrown as Error).message).not.toContain('a-token-that-is-wrong');
	});

	it('makes a field for each gap of the chosen template', async () => {
		const { fields: made } = await fields('gritting_notice|en_GB');
		const shown = (all: typeof made) => all.filter(({ removed }) => removed !== true).map(({ id }) => id);
		expect(shown(made)).toEqual(['body_routes', 'body_time', 'body_note']);
		// What need not be given can be added by hand.
		expect(made.filter(({ removed }) => removed).map(({ id, required }) => [id, required])).toEqual([['button_0', false]]);
		expect(made[0]).toMatchObject({ required: true, display: true, type: 'string', displayName: 'Routes (e.g. Harbour Road and Mill Lane)' });
		expect(shown((await fields('appointment_reminder|en_GB')).fields)).toEqual(['body_1', 'body_2']);
		const { fields: none, emptyFieldsNotice } = await fields('test_message|en_GB');
		expect([shown(none), emptyFieldsNotice]).toEqual([[], expect.stringMatching(/no gaps.*It reads: “This is a test/)]);
		expect(await fields('')).toMatchObject({ fields: [] });
		await expect(fields('no_such_template|en_GB')).rejects.toThrow(n8nWorkflow.UserError);
	});

	it('lists the people in the rules by name and address, and keeps their numbers', async () => {
		expect((await list('searchStaff')).results).toEqual([
			{ name: 'Morgan Ellis', value: 'morgan.ellis@aldersea.example' },
			{ name: 'Priya Raman', value: 'priya.raman@aldersea.example' },
		]);
		expect((await list('searchStaff', 'raman')).results).toHaveLength(1);
	});

	describe('the test of a credential', () => {
		const test = (name: string, data: object, node = 'civicWhatsApp') => {
			const found = packageNodes.find(({ description }) => description.name === node)?.methods?.credentialTest?.[name];
			if (found === undefined) throw new Error(`${node} has no ${name}`);
			return found.call({} as ICredentialTestFunctions, { id: '1', name: 'Channel', type: 'civicWhatsAppApi', data } as ICredentialsDecrypted) as Promise<INodeCredentialTestResult>;
		};

		it('says that number, account and sign-off template work together, and in which mode', async () => {
			const { status, message } = await test('civicWhatsAppApiTest', channelFields(hall.sandbox, { mode: 'training' }));
			expect([status, message]).toEqual(['OK', expect.stringContaining('training mode')]);
		});

		it('says which part does not work', async () => {
			const wrong: Array<[object, RegExp]> = [
				[{ accessToken: 'a-token-that-is-wrong' }, /token/i],
				[{ phoneNumberId: '999999999999' }, /number/i],
				[{ businessAccountId: '999999999999' }, /account/i],
				[{ signOffTemplate: 'no_such_template' }, /no_such_template/],
				[{ signOffTemplate: 'gritting_paused_example' }, /paused/],
				[{ phoneNumberId: '+44 7700 900123' }, /Phone Number ID/],
				[{ graphVersion: 'latest' }, /Graph Version/],
				[{ approvers: { approver: [{ name: 'Morgan', email: 'm@aldersea.example', phone: '123' }] } }, /Morgan|phone/i],
				[{ quietFrom: '21:00' }, /Quiet Hours/],
			];
			for (const [change, words] of wrong) {
				const { status, message } = await test('civicWhatsAppApiTest', channelFields(hall.sandbox, change as Record<string, unknown>));
				expect([change, status]).toEqual([change, 'Error']);
				expect(message).toMatch(words);
				expect(message).not.toContain('a-token-that-is-wrong');
			}
		});

		it('refuses an address that is neither Meta’s nor this machine’s, and calls nobody there', async () => {
			const called: string[] = [];
			const stranger = createServer((request, response) => {
				called.push(request.headers.authorization ?? '');
				response.end();
			});
			await new Promise<void>((resolve) => stranger.listen(0, '0.0.0.0', resolve));
			const { port } = stranger.address() as AddressInfo;
			for (const graphUrl of [`http://0.0.0.0:${port}`, 'https://graph.facebook.com.example', 'https://graph.facebook.com@example.org', `http://127.0.0.1.example:${port}`, 'http://graph.facebook.com', 'ftp://127.0.0.1']) {
				const { status, message } = await test('civicWhatsAppApiTest', channelFields(hall.sandbox, { graphUrl }));
				expect([graphUrl, status]).toEqual([graphUrl, 'Error']);
				expect(message).not.toContain(hall.sandbox.token);
			}
			await new Promise((resolve) => stranger.close(resolve));
			expect(called).toEqual([]);
		});

		it('opens the store and says what is in it, from whichever node n8n asks', async () => {
			for (const { description } of packageNodes) {
				expect(await test('civicStoreApiTest', { folder: hall.folder }, description.name)).toMatchObject({ status: 'OK', message: expect.stringContaining('1 contacts') as string });
			}
			expect(await test('civicStoreApiTest', { folder: '~/.n8n-files'.replace('~', process.env.HOME ?? '') })).toMatchObject({ status: 'Error', message: expect.stringContaining('file nodes') as string });
		});
	});

	it('reads the previous app secret while secrets are being changed', async () => {
		hall.n8n.credentials.civicWhatsAppApi = channelFields(hall.sandbox, { appSecret: 'the-new-secret', previousAppSecret: hall.sandbox.appSecret }) as never;
		expect((await list('searchStaff')).results).toHaveLength(2);
	});
});

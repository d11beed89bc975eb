import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createCloudApi } from '../../../core/whatsapp/cloudApi';
import { post, startCouncil, type Council } from '../../council/council';
import { draftGritting } from '../../council/steps';
import { rows } from '../../council/tables';

describe('drafting a broadcast with a template of Meta', () => {
	let council: Council;
	beforeAll(async () => {
		council = await startCouncil({ residents: 6 });
	});
	afterAll(() => council.stop());
	afterEach(async () => {
		await post(`${council.sandbox.admin}/templates`, { name: 'gritting_notice', status: 'APPROVED' });
	});

	const drafts = async () => (await rows(council.store, 'SELECT 1 FROM draft')).length;
	const parameters = { body_routes: 'Route 1', body_time: '18:00', body_note: 'Take care.' };

	it.each([
		['a line break', { body_note: 'Take care.\nDrive slowly.' }, "'Note'"],
		['a tab', { body_time: '18:00\t' }, "'Time'"],
		['five spaces', { body_routes: 'Route 1     Route 2' }, "'Routes'"],
		['nothing', { body_routes: ' ' }, "'Routes'"],
		['a bell', { body_note: 'Take care\u0007' }, "'Note'"],
		['half a character', { body_note: 'Take care \uD83D' }, "'Note'"],
		['too much', { body_note: 'x'.repeat(1100) }, "'Note'"],
		['a field that does not exist', { body_area: 'North' }, 'body_area'],
	])('refuses a value with %s by the name of its field, before anything is stored', async (_, wrong, label) => {
		const before = await drafts();
		await expect(draftGritting(council, { parameters: { ...parameters, ...wrong } })).rejects.toMatchObject({
			code: 'template.parameters',
			message: expect.stringContaining(label) as string,
		});
		expect(await drafts()).toBe(before);
	});

	it('refuses a value that is missing', async () => {
		const { body_note: _, ...some } = parameters;
		await expect(draftGritting(council, { parameters: some })).rejects.toMatchObject({ code: 'template.parameters', message: expect.stringContaining("'Note'") as string });
	});

	it.each(['PAUSED', 'DISABLED', 'REJECTED', 'PENDING'])('refuses a template that is %s at Meta, and names it', async (status) => {
		await post(`${council.sandbox.admin}/templates`, { name: 'gritting_notice', status });
		await expect(draftGritting(council)).rejects.toMatchObject({ code: 'template.unknown', message: expect.stringContaining(`gritting_notice" (en_GB) is ${status.toLowerCase()}`) as string });
	});

	it('refuses a template that does not exist in the language', async () => {
		await expect(draftGritting(council, { template: { name: 'gritting_notice', language: 'fr' } })).rejects.toMatchObject({
			code: 'template.unknown',
			message: expect.stringContaining('fr') as string,
		});
	});

	it('refuses a template that belongs to a catalogue, and says so', async () => {
		const api = {
			...council.api,
			getTemplate: async (name: string, language: string) => {
				const found = await council.api.getTemplate('gritting_notice', 'en_GB');
				return { ...found, value: { ...found.value, name, language, components: [{ type: 'HEADER', format: 'PRODUCT' }, ...found.value.components.filter(({ type }) => type !== 'HEADER')] } };
			},
		};
		await expect(draftGritting({ ...council, api } as Council)).rejects.toMatchObject({ code: 'template.parameters', message: expect.stringContaining('PRODUCT, for goods') as string });
	});

	it('refuses an empty title, and one that no phone can show', async () => {
		await expect(draftGritting(council, { title: '  ' })).rejects.toMatchObject({ code: 'input.invalid', message: expect.stringContaining("'Title'") as string });
		await expect(draftGritting(council, { title: 'x'.repeat(201) })).rejects.toMatchObject({ code: 'input.invalid', message: expect.stringContaining("'Title'") as string });
		await expect(draftGritting(council, { title: 'Gritting\u0007 tonight' })).rejects.toMatchObject({ code: 'input.invalid', message: expect.stringContaining("'Title'") as string });
	});

	it('says with a wrong token what is wrong and how to go on, without showing it', async () => {
		const api = createCloudApi({ ...council.settings, phoneNumberId: council.settings.id, accessToken: 'wrong-token-123' });
		const refused = draftGritting({ ...council, api });
		await expect(refused).rejects.toMatchObject({ code: 'channel.access', hint: expect.stringContaining('token') as string });
		await expect(refused).rejects.not.toThrow('wrong-token-123');
	});

	it('shows the message as residents will read it', async () => {
		const { summary } = await draftGritting(council, { parameters });
		expect(summary.message).toMatchObject({ header: 'Gritting tonight', body: expect.stringContaining('We plan to grit these routes tonight: Route 1.') as string });
		expect(summary.message.footer).toContain('STOP');
	});
});

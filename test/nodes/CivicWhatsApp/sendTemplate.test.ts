import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flowOf, type Execution, type NodeOfFlow } from '../engine';
import { draftNode, morgan, residentsMessaged } from '../steps';
import { startTownHall, type TownHall } from '../townHall';

describe('Message: Send Template', () => {
	let hall: TownHall;

	beforeAll(async () => {
		hall = await startTownHall({ residents: 3, desk: false });
	});
	afterAll(async () => {
		expect(residentsMessaged(hall)).toBe(0);
		await hall.stop();
	});

	const node = (colleague: unknown, values: object = { body_title: 'Gritting tonight', body_summary: '8 people, 8 accepted.' }): NodeOfFlow => {
		const { parameters } = draftNode({ template: 'civic_report|en_GB' });
		const { template, templateValues } = parameters as { template: object; templateValues: object };
		return { name: 'Tell', type: 'civicWhatsApp', parameters: { resource: 'message', operation: 'sendTemplate', colleague, template, templateValues: { ...templateValues, value: values, schema: [] } } as never };
	};
	const tell = async (...given: Parameters<typeof node>): Promise<Execution> => hall.n8n.run(flowOf([node(...given)]));

	it('tells somebody whom the rules name, found by e-mail address, and puts out no number', async () => {
		const execution = await tell({ __rl: true, mode: 'list', value: 'morgan.ellis@aldersea.example' });
		expect(execution.json('Tell')).toEqual([{ to: 'Morgan Ellis', outcome: 'accepted' }]);
		await hall.sandbox.idle();
		expect(hall.sandbox.residents.find(morgan)?.thread.at(-1)).toMatchObject({ template: 'civic_report', tick: expect.stringMatching(/delivered|read/) as string });
		expect((await tell({ __rl: true, mode: 'email', value: ' Morgan.Ellis@aldersea.example ' })).json('Tell')).toMatchObject([{ to: 'Morgan Ellis' }]);
	});

	it('tells nobody whom the rules do not name, by address, by number or by nothing', async () => {
		for (const value of ['sam.okafor@aldersea.example', '+447700900001', '={{ $json.nothing }}']) {
			const { error } = await tell({ __rl: true, mode: 'email', value });
			expect(error).toMatchObject({ context: { code: 'channel.rules' }, message: expect.stringContaining('name nobody') as string });
			expect(error?.message).not.toContain('7700900001');
		}
	});

	it('refuses values that do not fit the template, before anything is sent', async () => {
		const before = hall.sandbox.residents.find(morgan)?.accepted;
		const { error } = await tell({ __rl: true, mode: 'list', value: 'morgan.ellis@aldersea.example' }, { body_title: 'Gritting\ntonight', body_summary: 'x' });
		expect(error).toMatchObject({ context: { code: 'template.parameters' }, message: expect.stringMatching(/line break/) as string });
		expect(hall.sandbox.residents.find(morgan)?.accepted).toBe(before);
	});
});

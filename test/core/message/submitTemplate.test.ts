import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CivicError } from '../../../core/errors';
import { readEntries } from '../../../core/ledger/readEntries';
import { submitTemplate } from '../../../core/message/submitTemplate';
import { createCloudApi, type CloudApi } from '../../../core/whatsapp/cloudApi';
import { TransportFault, type Transport } from '../../../core/whatsapp/connection';
import { parseTemplate, type Template } from '../../../core/whatsapp/template';
import { parseDefinition } from '../../../core/whatsapp/templateDefinition';
import { startOffice, type Office } from '../../council/office';

const raw = {
	name: 'library_closed',
	language: 'en_GB',
	category: 'UTILITY',
	parameter_format: 'NAMED',
	message_send_ttl_seconds: 3600,
	components: [{ type: 'BODY', text: 'The library is closed on {{day}} this week.', example: { body_text_named_params: [{ param_name: 'day', example: 'Monday' }] } }],
};
const definition = parseDefinition(raw);
const atMeta = (changes: object = {}) => parseTemplate({ ...raw, id: '77', status: 'PENDING', ...changes });

describe('submitting a template', () => {
	let office: Office;
	beforeAll(async () => {
		office = await startOffice({ residents: 1 });
	});
	afterAll(() => office.stop());

	/** A Meta that holds these templates, one more each time it is asked, and answers a creation so. */
	function submit(held: Array<Template | undefined>, created: Awaited<ReturnType<CloudApi['createTemplate']>> | CivicError) {
		let asked = 0;
		const api = {
			getTemplate: () => {
				const found = held[Math.min(asked++, held.length - 1)];
				return found === undefined ? Promise.reject(new CivicError('template.unknown', 'There is none.', 'x')) : Promise.resolve({ value: found });
			},
			createTemplate: () => (created instanceof Error ? Promise.reject(created) : Promise.resolve(created)),
		};
		return submitTemplate({ store: office.store, api: api as unknown as CloudApi, channelId: office.settings.id }, definition);
	}
	const newest = async () => (await office.store.execute(readEntries, { act: 'template.submit', resourceId: null, before: null, limit: 1, withDetails: false }))[0]?.entry;

	it('is the truth that Meta holds afterwards, when the answer was lost or somebody was faster', async () => {
		expect(await submit([undefined, atMeta()], 'unclear')).toMatchObject({ found: 'created', id: '77', status: 'PENDING' });
		expect(await submit([undefined, atMeta()], 'duplicate')).toMatchObject({ found: 'same' });
		expect(await submit([undefined, atMeta({ category: 'MARKETING' })], 'duplicate')).toMatchObject({ found: 'different', differences: [expect.stringContaining('Category')] });
		await expect(submit([undefined], 'unclear')).rejects.toMatchObject({ code: 'whatsapp.unreachable', hint: expect.stringContaining('never registers the same template twice') as string });
	});

	it('says that Meta moved it to another category', async () => {
		const { words, category } = await submit([undefined], { id: '78', status: 'APPROVED', category: 'MARKETING' });
		expect([category, words]).toEqual(['MARKETING', expect.stringMatching(/keeps it as marketing, not utility/)]);
	});

	it('tells every way in which the one at Meta differs', async () => {
		const { differences } = await submit([atMeta({ message_send_ttl_seconds: 43_200, components: [{ type: 'HEADER', format: 'TEXT', text: 'Library' }, { type: 'BODY', text: 'Shut on {{day}}, sorry.' }, { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Stop' }] }] })], 'duplicate');
		expect(differences.map((difference) => difference.split(':')[0])).toEqual(['Header kind', 'Header', 'Body', 'Button 1', 'Time to live']);
	});

	it('enters in the ledger also that Meta refused', async () => {
		await expect(submit([undefined], new CivicError('template.definition', 'Meta refused it.', 'x'))).rejects.toMatchObject({ code: 'template.definition' });
		expect(await newest()).toMatchObject({ ref: { name: 'library_closed', found: 'refused' } });
	});

	describe('what Meta answers', () => {
		const create = (status: number, body: unknown) => {
			const transport: Transport = { request: () => (body instanceof Error ? Promise.reject(body) : Promise.resolve({ status, headers: {}, text: typeof body === 'string' ? body : JSON.stringify(body) })) };
			return createCloudApi({ graphUrl: 'https://graph.facebook.com', graphVersion: 'v26.0', accessToken: 't', phoneNumberId: '1', businessAccountId: '2' }, transport).createTemplate(definition);
		};
		const error = (subcode: number | undefined, more: object = {}) => ({ error: { code: 100, message: '(#100) Invalid parameter', ...(subcode === undefined ? {} : { error_subcode: subcode }), ...more } });

		it.each<[number, RegExp]>([
			[2388019, /as many templates/],
			[2388040, /longer than Meta allows/],
			[2388043, /missing or of the wrong kind/],
			[2388047, /header.*Part: 'header'/],
			[2388072, /body.*Part: 'body'/],
			[2388073, /footer.*Part: 'footer'/],
			[2388293, /too many variables.*Part: 'body'/],
			[2388299, /begins or ends with a variable/],
			[9_999_999, /does not take this definition/],
		])('as %i is explained with the part it is about', async (subcode, words) => {
			await expect(create(400, error(subcode))).rejects.toMatchObject({ code: 'template.definition', message: expect.stringMatching(words) as string, hint: expect.stringMatching(/\w/) as string });
		});

		it('is shown in its own words where it has some, without a number or a token', async () => {
			const refused = create(400, error(2388072, { error_user_msg: 'Call +44 7700 900123 about EAAabcdefghijklmnopqrstuvwxyz0123456789' }));
			await expect(refused).rejects.toMatchObject({ message: expect.stringContaining('Meta says: “Call … about …”') as string });
		});

		it('as a name that is taken is no refusal', async () => {
			expect(await create(400, error(2388024))).toBe('duplicate');
		});

		it('as anything unreadable is unclear, and only what never left is unreachable', async () => {
			expect(await create(502, '<html>Bad gateway</html>')).toBe('unclear');
			expect(await create(200, { success: true })).toBe('unclear');
			expect(await create(0, new TransportFault('timeout', true))).toBe('unclear');
			await expect(create(0, new TransportFault('unreachable', false))).rejects.toMatchObject({ code: 'whatsapp.unreachable' });
			await expect(create(400, { error: { code: 80007, message: 'Rate limit' } })).rejects.toMatchObject({ code: 'whatsapp.refused', message: expect.stringContaining('80007') as string });
		});
	});
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { TemplateComponent } from '../../../core/whatsapp/template';
import { parseTemplate } from '../../../core/whatsapp/template';
import { templateContent } from '../../../core/whatsapp/templateContent';
import { newDraft, startOffice, type Office } from '../../council/office';
import { signedIn, startIn } from '../../council/officeSteps';
import { rows } from '../../council/tables';

/** A template with every family of component that is sent from here. */
const components: TemplateComponent[] = [
	{ type: 'HEADER', format: 'IMAGE' },
	{ type: 'BODY', text: 'We grit {{routes}} tonight.' },
	{ type: 'FOOTER', text: 'Aldersea Borough Council' },
	{
		type: 'BUTTONS',
		buttons: [
			{ type: 'QUICK_REPLY', text: 'Stop these' },
			{ type: 'URL', text: 'See map', url: 'https://aldersea.example/gritting/{{1}}' },
			{ type: 'PHONE_NUMBER', text: 'Call us', phone_number: '+441632960000' },
			{ type: 'COPY_CODE', text: 'Copy offer code' },
		],
	},
];

function contentOf(change: (components: TemplateComponent[]) => TemplateComponent[] | void, more: Record<string, unknown> = {}) {
	const copy = structuredClone(components);
	const changed = change(copy) ?? copy;
	return templateContent(parseTemplate({ id: '1', name: 'gritting_notice', language: 'en_GB', status: 'APPROVED', category: 'UTILITY', parameter_format: 'NAMED', components: changed, ...more }));
}

const button = (index: number, fields: object) => (all: TemplateComponent[]) => void Object.assign(all[3]?.buttons?.[index] ?? {}, fields);

describe('a template that changed at Meta after the draft was signed', () => {
	let office: Office;
	beforeEach(async () => {
		office = await startOffice();
	});
	afterEach(() => office.stop());

	const signedDraft = () => {
		const { variant } = newDraft('');
		return signedIn(office, { variant: { ...variant, templateContent: contentOf(() => undefined) } });
	};

	it.each<[string, (all: TemplateComponent[]) => TemplateComponent[] | void]>([
		['a text in the header instead of a picture', (all) => void Object.assign(all[0] ?? {}, { format: 'TEXT', text: 'Gritting' })],
		['a film in the header', (all) => void Object.assign(all[0] ?? {}, { format: 'VIDEO' })],
		['a document in the header', (all) => void Object.assign(all[0] ?? {}, { format: 'DOCUMENT' })],
		['a map in the header', (all) => void Object.assign(all[0] ?? {}, { format: 'LOCATION' })],
		['no header', (all) => all.slice(1)],
		['other words', (all) => void Object.assign(all[1] ?? {}, { text: 'We do not grit {{routes}} tonight.' })],
		['another gap', (all) => void Object.assign(all[1] ?? {}, { text: 'We grit {{route}} tonight.' })],
		['another footer', (all) => void Object.assign(all[2] ?? {}, { text: 'Somebody else' })],
		['no footer', (all) => [...all.slice(0, 2), ...all.slice(3)]],
		['another quick reply', button(0, { text: 'Subscribe' })],
		['another label on the link', button(1, { text: 'Win a prize' })],
		['another address of the link', button(1, { url: 'https://other.example/{{1}}' })],
		['another number to call', button(2, { phone_number: '+441632960001' })],
		['another label on the code', button(3, { text: 'Copy code' })],
		['the buttons in another order', (all) => void all[3]?.buttons?.reverse()],
		['one button less', (all) => void all[3]?.buttons?.pop()],
		['no buttons', (all) => all.slice(0, 3)],
		['a carousel', (all) => [...all, { type: 'CAROUSEL', cards: [] }]],
	])('is caught before anything is sent: %s', async (_, change) => {
		const draft = await signedDraft();
		await expect(startIn(office, draft, { templateContent: contentOf(change) })).rejects.toMatchObject({ code: 'template.changed', hint: expect.stringMatching(/Nothing was sent/) as string });
		expect(await rows(office.store, 'SELECT 1 FROM broadcast UNION ALL SELECT 1 FROM delivery')).toEqual([]);
	});

	it.each([
		['numbered gaps', { parameter_format: 'POSITIONAL' }],
		['another language', { language: 'en' }],
		['another name', { name: 'gritting_notice_2' }],
	])('is caught: %s', async (_, more) => {
		const draft = await signedDraft();
		await expect(startIn(office, draft, { templateContent: contentOf(() => undefined, more) })).rejects.toMatchObject({ code: 'template.changed' });
	});

	it('is not seen where only quality, examples or time to live changed', async () => {
		const draft = await signedDraft();
		const example = { header_handle: ['https://scontent.example/new.jpg'] };
		const same = contentOf((all) => void Object.assign(all[0] ?? {}, { example }), { quality_score: { score: 'RED' }, message_send_ttl_seconds: 60 });
		await expect(startIn(office, draft, { templateContent: same })).resolves.toMatchObject({ joined: false });
	});
});

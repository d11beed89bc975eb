import { describe, expect, it } from 'vitest';

import { buttonsLimits } from '../../../../core/whatsapp/messages/buttons';
import { contactsLimits } from '../../../../core/whatsapp/messages/contacts';
import { type MessageContent, checkMessage, requireSendable } from '../../../../core/whatsapp/messages/content';
import { frameLimits } from '../../../../core/whatsapp/messages/interactiveFrame';
import { linkLimits } from '../../../../core/whatsapp/messages/link';
import { listLimits } from '../../../../core/whatsapp/messages/list';
import { locationLimits } from '../../../../core/whatsapp/messages/location';
import { locationRequestLimits } from '../../../../core/whatsapp/messages/locationRequest';
import { mediaMessageLimits } from '../../../../core/whatsapp/messages/media';
import { templateLimits } from '../../../../core/whatsapp/messages/template';
import { textLimits } from '../../../../core/whatsapp/messages/text';

const x = (length: number) => 'x'.repeat(length);
/** So many different texts. */
const many = <T>(count: number, one: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => one(n));

const buttons = (change: Partial<Extract<MessageContent, { type: 'buttons' }>>): MessageContent => ({ type: 'buttons', body: 'Well?', buttons: [{ id: 'y', title: 'Yes' }], ...change });
const list = (change: Partial<Extract<MessageContent, { type: 'list' }>>): MessageContent => ({ type: 'list', body: 'Which?', button: 'Choose', sections: [{ rows: [{ id: '1', title: 'One' }] }], ...change });
const link = (change: Partial<Extract<MessageContent, { type: 'link' }>>): MessageContent => ({ type: 'link', body: 'See', displayText: 'Open', url: 'https://aldersea.example', ...change });
const template = (change: Partial<Extract<MessageContent, { type: 'template' }>>): MessageContent => ({ type: 'template', name: 'gritting_notice', language: 'en_GB', components: [], ...change });
const url = (length: number) => `https://aldersea.example/${x(length - 25)}`;

/** Meta's limits, written down a second time and by hand; each is met exactly and passed by one. */
const limits: Array<[what: string, field: string, limit: number, content: (size: number) => MessageContent]> = [
	['the body of a text', 'body', 4096, (n) => ({ type: 'text', body: x(n) })],
	['the caption of an image', 'caption', 1024, (n) => ({ type: 'image', media: { id: '1' }, caption: x(n) })],
	['the caption of a video', 'caption', 1024, (n) => ({ type: 'video', media: { id: '1' }, caption: x(n) })],
	['the caption of a document', 'caption', 1024, (n) => ({ type: 'document', media: { id: '1' }, caption: x(n) })],
	['the contacts in a message', 'contacts', 257, (n) => ({ type: 'contacts', contacts: many(n, () => ({ name: { formattedName: 'Highways Desk', firstName: 'Highways' } })) })],
	['the body above buttons', 'body', 1024, (n) => buttons({ body: x(n) })],
	['the footer above buttons', 'footer', 60, (n) => buttons({ footer: x(n) })],
	['the header above buttons', 'header.text', 60, (n) => buttons({ header: { type: 'text', text: x(n) } })],
	['the number of buttons', 'buttons', 3, (n) => buttons({ buttons: many(n, (i) => ({ id: String(i), title: `No ${i}` })) })],
	['the id of a button', 'buttons[0].id', 256, (n) => buttons({ buttons: [{ id: x(n), title: 'Yes' }] })],
	['the title of a button', 'buttons[0].title', 20, (n) => buttons({ buttons: [{ id: 'y', title: x(n) }] })],
	['the body above a list', 'body', 4096, (n) => list({ body: x(n) })],
	['the footer above a list', 'footer', 60, (n) => list({ footer: x(n) })],
	['the header above a list', 'header.text', 60, (n) => list({ header: { type: 'text', text: x(n) } })],
	['the button of a list', 'button', 20, (n) => list({ button: x(n) })],
	['the sections of a list', 'sections', 10, (n) => list({ sections: many(n, (i) => ({ title: `Part ${i}`, rows: [{ id: String(i), title: 'One' }] })) })],
	['the rows of one section', 'sections', 10, (n) => list({ sections: [{ rows: many(n, (i) => ({ id: String(i), title: 'One' })) }] })],
	['the rows over several sections', 'sections', 10, (n) => list({ sections: [{ title: 'A', rows: [{ id: 'a', title: 'One' }] }, { title: 'B', rows: many(n - 1, (i) => ({ id: String(i), title: 'One' })) }] })],
	['the title of a section', 'sections[0].title', 24, (n) => list({ sections: [{ title: x(n), rows: [{ id: '1', title: 'One' }] }] })],
	['the id of a row', 'sections[0].rows[0].id', 200, (n) => list({ sections: [{ rows: [{ id: x(n), title: 'One' }] }] })],
	['the title of a row', 'sections[0].rows[0].title', 24, (n) => list({ sections: [{ rows: [{ id: '1', title: x(n) }] }] })],
	['the description of a row', 'sections[0].rows[0].description', 72, (n) => list({ sections: [{ rows: [{ id: '1', title: 'One', description: x(n) }] }] })],
	['the body above a link', 'body', 1024, (n) => link({ body: x(n) })],
	['the footer above a link', 'footer', 60, (n) => link({ footer: x(n) })],
	['the text of a link', 'displayText', 20, (n) => link({ displayText: x(n) })],
	['the address of a link', 'url', 2000, (n) => link({ url: url(n) })],
	['the body above a location request', 'body', 1024, (n) => ({ type: 'locationRequest', body: x(n) })],
	['the name of a template', 'name', 512, (n) => template({ name: x(n) })],
	['the hidden answer of a template button', 'components[0].parameters[0]', 128, (n) => template({ components: [{ type: 'button', sub_type: 'quick_reply', index: '0', parameters: [{ type: 'payload', payload: x(n) }] }] })],
	['the mark of a form', 'components[0].parameters[0]', 1000, (n) => template({ components: [{ type: 'button', sub_type: 'flow', index: '0', parameters: [{ type: 'action', action: { flow_token: x(n) } }] }] })],
	['the cards of a template', 'components[0].cards', 10, (n) => template({ components: [{ type: 'carousel', cards: many(Math.min(n, 11), (card_index) => ({ card_index, components: [] })) }] })],
	['the code of a template button', 'components[0].parameters[0]', 15, (n) => template({ components: [{ type: 'button', sub_type: 'copy_code', index: '0', parameters: [{ type: 'coupon_code', coupon_code: x(n) }] }] })],
];

describe('a message', () => {
	it.each(limits)('may go to the limit of %s (%s, %i) and no further', (_, field, limit, content) => {
		expect(checkMessage(content(limit))).toEqual([]);
		const problems = checkMessage(content(limit + 1));
		expect([...new Set(problems.map((problem) => problem.field))]).toEqual([field]);
		expect(problems[0]?.message).toMatch(new RegExp(`\\b${limit}\\b`));
		expect(problems[0]?.message).toMatch(/^[A-Z].*\.$/);
		if (!/components|name/.test(field)) expect(problems[0]?.message).toMatch(new RegExp(`\\b${limit + 1}\\b`));
	});

	it('has the limits that Meta’s pages give', () => {
		expect({ textLimits, mediaMessageLimits, contactsLimits, frameLimits, buttonsLimits, listLimits, linkLimits, locationRequestLimits, locationLimits, templateLimits }).toMatchObject({
			textLimits: { body: 4096 },
			mediaMessageLimits: { caption: 1024 },
			contactsLimits: { contacts: 257 },
			frameLimits: { headerText: 60, footer: 60 },
			buttonsLimits: { body: 1024, buttons: 3, id: 256, title: 20 },
			listLimits: { body: 4096, button: 20, sections: 10, rows: 10, sectionTitle: 24, rowId: 200, rowTitle: 24, rowDescription: 72 },
			linkLimits: { body: 1024, displayText: 20 },
			locationRequestLimits: { body: 1024 },
			locationLimits: { latitude: 90, longitude: 180 },
			templateLimits: { name: 512, headerText: 60, body: 1024, footer: 60, url: 2000, payload: 128, couponCode: 15, authenticationCode: 15, spaces: 4 },
		});
	});

	it('is measured in UTF-16 units, the largest count in use, so that no other count finds it longer', () => {
		expect(checkMessage({ type: 'text', body: '😀'.repeat(2048) })).toEqual([]);
		expect(checkMessage({ type: 'text', body: `${'😀'.repeat(2048)}x` })).toHaveLength(1);
	});

	it('is refused as one error that names every field', () => {
		const refused = () => requireSendable(buttons({ body: x(1025), buttons: [{ id: 'a', title: 'Yes' }, { id: 'b', title: x(24) }] }));
		expect(refused).toThrowError(expect.objectContaining({ code: 'input.invalid', message: 'The text has 1025 characters; WhatsApp takes at most 1024. The title of button 2 has 24 characters; WhatsApp takes at most 20.', hint: expect.stringMatching(/Nothing was sent/) }));
	});

	it('of a kind that is not known is refused', () => {
		for (const type of ['flow', 'product', 'constructor', '__proto__']) {
			expect(checkMessage({ type })).toEqual([{ field: 'type', message: 'The part “type” is of a kind that is not known here.' }]);
			expect(() => requireSendable({ type } as unknown as MessageContent)).toThrowError(expect.objectContaining({ code: 'input.invalid' }));
		}
	});
});

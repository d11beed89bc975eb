import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MessageContent } from '../../../apps/sandbox/residents/messageContent';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { graph, send, type Reply } from './callSandbox';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 1, knobs: { throughputPerSecond: 10_000, throughputBurst: 10_000, sentLatencyMs: [0, 1], deliveredLatencyMs: [0, 1], readLatencyMs: [0, 1], pairLimit: 'off' } });
});
beforeEach(() => {
	sandbox.reset();
	sandbox.inbound.receive(sandbox.residents.at(digits), { kind: 'text', text: 'Hello' });
});
afterAll(() => sandbox.stop());

const digits = '447700900123';
const phone = `+${digits}`;
const long = (length: number): string => 'x'.repeat(length);

function upload(mime: string, size = 100, from: 'business' | 'resident' = 'business'): string {
	return sandbox.media.add({ numberId: sandbox.phoneNumberId, mime, from }, Buffer.alloc(size, 1)).id;
}

async function shown(message: Record<string, unknown>): Promise<MessageContent | undefined> {
	const { status, body } = await send(sandbox, { to: phone, ...message });
	expect([status, body.error]).toEqual([200, undefined]);
	await sandbox.idle();
	return sandbox.residents.find(digits)?.thread.at(-1)?.content;
}

function expectRefusal({ status, body }: Reply, code: number): void {
	expect([status, body.error?.code]).toEqual([400, code]);
	expect(body.error?.fbtrace_id).toMatch(/^A/);
	expect(sandbox.accepted.total).toBe(0);
}

const interactive = (changes: Record<string, unknown>): Record<string, unknown> => ({ to: phone, type: 'interactive', interactive: { body: { text: 'Choose' }, ...changes } });
const button = (title: string, id = title): Record<string, unknown> => ({ type: 'reply', reply: { id, title } });
const buttons = (...titles: string[]): Record<string, unknown> => interactive({ type: 'button', action: { buttons: titles.map((title) => button(title)) } });
const list = (changes: Record<string, unknown> = {}, ...sections: unknown[]): Record<string, unknown> =>
	interactive({ type: 'list', action: { button: 'Open', sections: sections.length > 0 ? sections : [{ rows: [{ id: 'a', title: 'Bins' }] }], ...changes } });
const link = (parameters: Record<string, unknown>): Record<string, unknown> => interactive({ type: 'cta_url', action: { name: 'cta_url', parameters: { display_text: 'Map', url: 'https://aldersea.example/', ...parameters } } });
const contact = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({ name: { formatted_name: 'Duty Office', first_name: 'Duty' }, ...changes });

describe('each type of message', () => {
	it.each(['image', 'video', 'document', 'audio', 'sticker'])('%s arrives by id and by link', async (type) => {
		const mime = { image: 'image/png', video: 'video/mp4', document: 'application/pdf', audio: 'audio/ogg; codecs=opus', sticker: 'image/webp' }[type] ?? '';
		const id = upload(mime);
		expect(await shown({ type, [type]: { id } })).toEqual({ body: '', buttons: [], media: { kind: type, id, mime } });
		const url = 'https://aldersea.example/file';
		expect((await shown({ type, [type]: { link: url } }))?.media).toEqual({ kind: type, link: url });
	});

	it('media carry caption, file name and voice', async () => {
		expect((await shown({ type: 'document', document: { id: upload('application/pdf'), caption: 'The map', filename: 'map.pdf' } }))?.media).toMatchObject({ caption: 'The map', filename: 'map.pdf' });
		expect((await shown({ type: 'audio', audio: { id: upload('audio/ogg'), voice: true } }))?.media).toMatchObject({ voice: true });
	});

	it('a location arrives, its coordinates written as numbers or as text', async () => {
		const location = { latitude: 53.1, longitude: -3.8, name: 'Depot', address: 'Mill Lane' };
		expect((await shown({ type: 'location', location }))?.location).toEqual(location);
		expect((await shown({ type: 'location', location: { latitude: '53.1', longitude: '-3.8' } }))?.location).toEqual({ latitude: 53.1, longitude: -3.8 });
	});

	it('contacts arrive, as JSON or as the text of JSON, which a published client sends', async () => {
		const contacts = [contact({ phones: [{ phone: '+44 1632 960001', type: 'WORK' }], org: { company: 'Aldersea' }, emails: [{ email: 'duty@aldersea.example' }], addresses: [{ street: 'Harbour Road', city: 'Aldersea' }] })];
		const expected = [{ name: 'Duty Office', organisation: 'Aldersea', phones: [{ phone: '+44 1632 960001', type: 'WORK' }], emails: ['duty@aldersea.example'], urls: [], addresses: ['Harbour Road, Aldersea'] }];
		expect((await shown({ type: 'contacts', contacts }))?.contacts).toEqual(expected);
		expect((await shown({ type: 'contacts', contacts: JSON.stringify(contacts) }))?.contacts).toEqual(expected);
	});

	it('reply buttons arrive with header, body and footer', async () => {
		const message = interactive({ type: 'button', header: { type: 'image', image: { id: upload('image/jpeg') } }, footer: { text: 'Aldersea' }, action: { buttons: [button('Yes'), button('No')] } });
		expect(await shown(message)).toMatchObject({ header: { kind: 'image', media: { kind: 'image' } }, body: 'Choose', footer: 'Aldersea', buttons: [{ kind: 'reply', text: 'Yes', id: 'Yes' }, { kind: 'reply', text: 'No' }] });
	});

	it('a list arrives', async () => {
		const sections = [{ title: 'Waste', rows: [{ id: 'b', title: 'Bins', description: 'Missed' }] }, { title: 'Roads', rows: [{ id: 'p', title: 'Potholes' }] }];
		expect((await shown(list({}, ...sections)))?.list).toEqual({ button: 'Open', sections });
	});

	it('a link button, a location request, a contact request and a flow arrive', async () => {
		expect((await shown(link({})))?.link).toEqual({ text: 'Map', url: 'https://aldersea.example/' });
		expect((await shown(interactive({ type: 'location_request_message', action: { name: 'send_location' } })))?.asksFor).toBe('location');
		expect((await shown(interactive({ type: 'contact_request', action: { name: 'request_contact_info' } })))?.asksFor).toBe('contact');
		expect((await shown(interactive({ type: 'flow', action: { name: 'flow', parameters: { flow_message_version: '3', flow_id: '1', flow_cta: 'Report' } } })))?.flow).toEqual({ button: 'Report' });
	});

	it('a reaction reaches the message it names', async () => {
		const id = sandbox.inbound.receive(sandbox.residents.at(digits), { kind: 'text', text: 'Thank you' });
		expect((await shown({ type: 'reaction', reaction: { message_id: id, emoji: '👍🏽' } }))?.reaction).toEqual({ emoji: '👍🏽', to: id });
	});
});

describe('a text', () => {
	it('may have 4096 characters, and a preview', async () => {
		expect((await shown({ type: 'text', text: { body: long(4096), preview_url: true } }))?.body).toHaveLength(4096);
	});
});

describe('what is just within a limit', () => {
	it.each([
		['three buttons with titles of 20', () => buttons(long(20), 'b', 'c')],
		['a button id of 256', () => interactive({ type: 'button', action: { buttons: [button('a', long(256))] } })],
		['a body of 1024 with buttons', () => interactive({ type: 'button', body: { text: long(1024) }, action: { buttons: [button('a')] } })],
		['a body of 4096 with a list', () => interactive({ type: 'list', body: { text: long(4096) }, action: { button: 'Open', sections: [{ rows: [{ id: 'a', title: 'a' }] }] } })],
		['ten rows', () => list({}, { title: 'a', rows: Array.from({ length: 10 }, (_, nth) => ({ id: `${nth}`, title: 'Row' })) })],
		['a row at its limits', () => list({}, { rows: [{ id: long(200), title: long(24), description: long(72) }] })],
		['a link label of 20', () => link({ display_text: long(20) })],
		['a header and a footer of 60', () => interactive({ type: 'button', header: { type: 'text', text: long(60) }, footer: { text: long(60) }, action: { buttons: [button('a')] } })],
		['a caption of 1024', () => ({ to: phone, type: 'image', image: { id: upload('image/png'), caption: long(1024) } })],
	])('is accepted: %s', async (_what, message) => {
		expect((await send(sandbox, message())).body.error).toBeUndefined();
	});
});

describe('what is beyond a limit, or wrong', () => {
	it.each([
		['a caption of 1025', () => ({ type: 'image', image: { id: upload('image/png'), caption: long(1025) } }), 100],
		['a caption on a voice message', () => ({ type: 'audio', audio: { id: upload('audio/ogg'), caption: 'x' } }), 100],
		['a file name on a picture', () => ({ type: 'image', image: { id: upload('image/png'), filename: 'x' } }), 100],
		['a medium with neither id nor link', () => ({ type: 'image', image: {} }), 131008],
		['a medium with both', () => ({ type: 'image', image: { id: upload('image/png'), link: 'https://a.example/' } }), 100],
		['an id that was never given', () => ({ type: 'image', image: { id: '123' } }), 100],
		['a link that is no web address', () => ({ type: 'image', image: { link: 'file:///etc/passwd' } }), 100],
		['a latitude of 91', () => ({ type: 'location', location: { latitude: 91, longitude: 0 } }), 100],
		['no longitude', () => ({ type: 'location', location: { latitude: 1 } }), 131008],
		['a contact with a formatted name alone', () => ({ type: 'contacts', contacts: [{ name: { formatted_name: 'A' } }] }), 131009],
		['a contact without a name', () => ({ type: 'contacts', contacts: [{}] }), 131008],
		['258 contacts', () => ({ type: 'contacts', contacts: Array.from({ length: 258 }, () => contact()) }), 131009],
		['no contacts', () => ({ type: 'contacts', contacts: [] }), 131008],
		['a birthday that is none', () => ({ type: 'contacts', contacts: [contact({ birthday: '1 May' })] }), 100],
		['a reaction that quotes', () => ({ type: 'reaction', context: { message_id: 'wamid.x' }, reaction: { message_id: 'wamid.x', emoji: '👍' } }), 100],
		['a reaction with a word', () => ({ type: 'reaction', reaction: { message_id: 'wamid.x', emoji: 'yes' } }), 131009],
		['a reaction with a digit', () => ({ type: 'reaction', reaction: { message_id: 'wamid.x', emoji: '1' } }), 131009],
		['four buttons', () => buttons('a', 'b', 'c', 'd'), 131009],
		['no buttons', () => buttons(), 131008],
		['a button title of 21', () => buttons(long(21)), 131009],
		['a button id of 257', () => interactive({ type: 'button', action: { buttons: [button('a', long(257))] } }), 131009],
		['the same title twice', () => interactive({ type: 'button', action: { buttons: [button('a', '1'), button('a', '2')] } }), 131009],
		['a body of 1025 with buttons', () => interactive({ type: 'button', body: { text: long(1025) }, action: { buttons: [button('a')] } }), 131009],
		['no body', () => interactive({ type: 'button', body: undefined, action: { buttons: [button('a')] } }), 131008],
		['a body of 4097 with a list', () => interactive({ type: 'list', body: { text: long(4097) }, action: { button: 'Open', sections: [{ rows: [{ id: 'a', title: 'a' }] }] } }), 131009],
		['a picture above a list', () => interactive({ type: 'list', header: { type: 'image', image: { link: 'https://a.example/' } }, action: { button: 'Open', sections: [{ rows: [{ id: 'a', title: 'a' }] }] } }), 131009],
		['a list button of 21', () => list({ button: long(21) }), 131009],
		['eleven rows', () => list({}, { title: 'a', rows: Array.from({ length: 6 }, (_, nth) => ({ id: `a${nth}`, title: 'Row' })) }, { title: 'b', rows: Array.from({ length: 5 }, (_, nth) => ({ id: `b${nth}`, title: 'Row' })) }), 131009],
		['eleven sections', () => list({}, ...Array.from({ length: 11 }, (_, nth) => ({ title: `${nth}`, rows: [{ id: `${nth}`, title: 'Row' }] }))), 131009],
		['two sections, one without a title', () => list({}, { title: 'a', rows: [{ id: 'a', title: 'a' }] }, { rows: [{ id: 'b', title: 'b' }] }), 131008],
		['a section title of 25', () => list({}, { title: long(25), rows: [{ id: 'a', title: 'a' }] }), 131009],
		['a row title of 25', () => list({}, { rows: [{ id: 'a', title: long(25) }] }), 131009],
		['a row description of 73', () => list({}, { rows: [{ id: 'a', title: 'a', description: long(73) }] }), 131009],
		['a row id of 201', () => list({}, { rows: [{ id: long(201), title: 'a' }] }), 131009],
		['a row id twice', () => list({}, { rows: [{ id: 'a', title: 'a' }, { id: 'a', title: 'b' }] }), 131009],
		['a link label of 21', () => link({ display_text: long(21) }), 131009],
		['a link to nowhere', () => link({ url: 'aldersea' }), 100],
		['a footer of 61', () => interactive({ type: 'cta_url', footer: { text: long(61) }, action: { name: 'cta_url', parameters: { display_text: 'a', url: 'https://a.example/' } } }), 131009],
		['a header of 61', () => interactive({ type: 'button', header: { type: 'text', text: long(61) }, action: { buttons: [button('a')] } }), 131009],
		['a header on a location request', () => interactive({ type: 'location_request_message', header: { type: 'text', text: 'a' }, action: { name: 'send_location' } }), 131009],
		['an action that does not fit', () => interactive({ type: 'location_request_message', action: { name: 'cta_url' } }), 100],
		['an interactive message without a type', () => interactive({ action: {} }), 131008],
		['an unknown kind of interactive message', () => interactive({ type: 'hologram', action: {} }), 100],
		['a carousel', () => interactive({ type: 'carousel', action: {} }), 131051],
		['an unknown key deep inside', () => interactive({ type: 'button', action: { buttons: [{ ...button('a'), colour: 'red' }] } }), 100],
		['another messaging account', () => ({ type: 'text', text: { body: 'x' }, messaging_account_id: '1' }), 100],
	])('is refused: %s', async (_what, message, code) => {
		expectRefusal(await send(sandbox, { to: phone, ...message() }), code);
	});

	it.each([{ messaging_account_id: true }, { messaging_account_id: '990200000000001' }])('the messaging account may be named when it is the right one: %j', async (account) => {
		expect((await send(sandbox, { to: phone, text: { body: 'x' }, ...account })).status).toBe(account.messaging_account_id === true ? 400 : 200);
	});
});

describe('a template', () => {
	const headers = ['IMAGE', 'VIDEO', 'DOCUMENT', 'LOCATION'] as const;
	const made = (format: (typeof headers)[number]): string => `header_${format.toLowerCase()}`;

	beforeEach(() => {
		for (const format of headers) {
			const definition = { name: made(format), language: 'en_GB', category: 'UTILITY' as const, parameter_format: 'POSITIONAL' as const, components: [{ type: 'HEADER' as const, format }, { type: 'BODY' as const, text: 'See above.' }] };
			sandbox.templates.add(definition, { status: 'APPROVED' });
		}
		sandbox.templates.add(
			{
				name: 'all_buttons',
				language: 'en_GB',
				category: 'MARKETING',
				parameter_format: 'POSITIONAL',
				components: [
					{ type: 'BODY', text: 'It costs {{1}} until {{2}}, they say.' },
					{ type: 'BUTTONS', buttons: [{ type: 'COPY_CODE', text: 'Copy offer code', example: 'A1' }, { type: 'PHONE_NUMBER', text: 'Call', phone_number: '+441632960000' }, { type: 'URL', text: 'Open', url: 'https://aldersea.example/{{1}}' }, { type: 'QUICK_REPLY', text: 'Stop' }] },
				],
			},
			{ status: 'APPROVED' },
		);
	});

	const withHeader = (name: string, ...parameters: unknown[]): Record<string, unknown> => ({ type: 'template', template: { name, language: { code: 'en_GB' }, components: [{ type: 'header', parameters }] } });

	it.each([
		['IMAGE', 'image', 'image/png'],
		['VIDEO', 'video', 'video/mp4'],
		['DOCUMENT', 'document', 'application/pdf'],
	] as const)('shows a header of format %s', async (format, type, mime) => {
		const id = upload(mime);
		expect((await shown(withHeader(made(format), { type, [type]: { id } })))?.header).toEqual({ kind: type, media: { kind: type, id, mime } });
	});

	it('shows a place in its header, and refuses a header of another format with 132012', async () => {
		expect((await shown(withHeader('header_location', { type: 'location', location: { latitude: '53.1', longitude: '-3.8', name: 'Depot' } })))?.header).toEqual({ kind: 'location', location: { latitude: 53.1, longitude: -3.8, name: 'Depot' } });
		const wrong = await send(sandbox, { to: phone, ...withHeader('header_location', { type: 'image', image: { id: upload('image/png') } }) });
		expect(wrong.body.error?.code).toBe(132012);
		expect((await send(sandbox, { to: phone, ...withHeader('header_location') })).body.error?.code).toBe(132000);
	});

	it('takes amounts and dates in its body, and all kinds of buttons', async () => {
		const components = [
			{ type: 'body', parameters: [{ type: 'currency', currency: { fallback_value: '£5', code: 'GBP', amount_1000: 5000 } }, { type: 'date_time', date_time: { fallback_value: '1 May' } }] },
			{ type: 'button', sub_type: 'copy_code', index: 0, parameters: [{ type: 'coupon_code', coupon_code: 'SPRING' }] },
			{ type: 'button', sub_type: 'url', index: '2', parameters: [{ type: 'text', text: 'x' }] },
		];
		const message = { type: 'template', template: { name: 'all_buttons', language: { code: 'en_GB' }, components } };
		expect(await shown(message)).toEqual({
			body: 'It costs £5 until 1 May, they say.',
			buttons: [
				{ kind: 'copy_code', text: 'Copy offer code', code: 'SPRING' },
				{ kind: 'phone_number', text: 'Call', phone: '+441632960000' },
				{ kind: 'url', text: 'Open', url: 'https://aldersea.example/x' },
				{ kind: 'quick_reply', text: 'Stop', payload: 'Stop' },
			],
		});
		components[1] = { type: 'button', sub_type: 'copy_code', index: 0, parameters: [{ type: 'coupon_code', coupon_code: 'x'.repeat(16) }] };
		expect((await send(sandbox, { to: phone, ...message })).body.error?.code).toBe(100);
		components.splice(1, 1);
		expect((await send(sandbox, { to: phone, ...message })).body.error).toMatchObject({ code: 131008, error_data: { details: expect.stringContaining('CopyCode') } });
	});
});

describe('the answer', () => {
	it('has a message_status for templates only', async () => {
		expect((await send(sandbox, { to: phone, text: { body: 'x' } })).body).toEqual({ messaging_product: 'whatsapp', contacts: [{ input: phone, wa_id: digits }], messages: [{ id: expect.stringMatching(/^wamid\./) }] });
	});

	it('names a person by phone when both phone and user id are given', async () => {
		const { body } = await send(sandbox, { to: phone, recipient: sandbox.residents.at('447700900124').userId, text: { body: 'x' } });
		expect(body.contacts).toEqual([{ input: phone, wa_id: digits }]);
	});

	it('comes under every Graph version', async () => {
		for (const version of ['v13.0', 'v23.0', 'v26.0']) {
			expect((await graph(sandbox, 'POST', `${version}/${sandbox.phoneNumberId}/messages`, { messaging_product: 'whatsapp', to: phone, text: { body: 'x' } })).status).toBe(200);
		}
	});
});

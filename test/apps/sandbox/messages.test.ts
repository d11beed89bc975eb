import { afterAll, beforeEach, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { graph, grittingNotice, send, type Reply } from './callSandbox';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 1, knobs: { throughputPerSecond: 10_000, throughputBurst: 10_000 } });
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

const phone = '+447700900123';

function expectRefusal({ status, body }: Reply, code: number, details?: string | RegExp, httpStatus = 400): void {
	expect([status, body.error?.code]).toEqual([httpStatus, code]);
	if (details) expect(body.error?.error_data?.details).toMatch(details);
	expect(sandbox.accepted.total).toBe(0);
}

function template(changes: Record<string, unknown>, to = phone): Record<string, unknown> {
	return { to, type: 'template', template: { name: 'gritting_notice', language: { code: 'en_GB' }, ...changes } };
}

describe('an accepted template', () => {
	it('answers with input, wa_id, id and message_status', async () => {
		const { status, body } = await send(sandbox, grittingNotice('+44 (7700) 900-123'));
		expect(status).toBe(200);
		expect(body).toEqual({
			messaging_product: 'whatsapp',
			contacts: [{ input: '+44 (7700) 900-123', wa_id: '447700900123' }],
			messages: [{ id: expect.stringMatching(/^wamid\.[A-Za-z0-9+/]+=*$/), message_status: 'accepted' }],
		});
	});

	it('gets a new id every time: there is no idempotency', async () => {
		const ids = await Promise.all([1, 2, 3].map(async () => (await send(sandbox, { ...grittingNotice(phone), biz_opaque_callback_data: 'same' })).body.messages?.[0]?.id));
		expect(new Set(ids).size).toBe(3);
		expect(sandbox.accepted.duplicates()).toEqual([{ to: '447700900123', callback: 'same', ids, count: 3 }]);
	});

	it('is rendered on the phone with header, footer and button', async () => {
		await send(sandbox, grittingNotice(phone, { routes: 'Mill Lane', time: '19:30', note: 'Drive with care.' }));
		await sandbox.idle();
		expect(sandbox.residents.find('447700900123')?.thread.map(({ content }) => content)).toEqual([
			{
				header: { kind: 'text', text: 'Gritting tonight' },
				body: 'We plan to grit these routes tonight: Mill Lane. Treatment starts at 19:30. Drive with care. Please leave room for the gritters and allow extra time.',
				footer: 'Aldersea Borough Council. Reply STOP to opt out.',
				buttons: [{ kind: 'quick_reply', text: 'Stop these', payload: 'Stop these' }],
			},
		]);
	});

	it('puts replacement patterns and braces of a parameter on the phone as they are', async () => {
		await send(sandbox, grittingNotice(phone, { routes: '$& {{time}}' }));
		await sandbox.idle();
		expect(sandbox.residents.find('447700900123')?.thread[0]?.content.body).toContain('tonight: $& {{time}}. Treatment starts at 18:00');
	});
});

describe('a template that is not there', () => {
	it.each([
		['an unknown name', { name: 'no_such_template' }],
		['another English', { language: { code: 'en' } }],
		['a hyphen in the language', { language: { code: 'en-GB' } }],
		['the language in small letters', { language: { code: 'en_gb' } }],
		['one that is pending', { name: 'gritting_pending_example' }],
		['one that was rejected', { name: 'gritting_rejected_example' }],
	])('is refused with 132001: %s', async (_what, changes) => {
		expectRefusal(await send(sandbox, template(changes)), 132001, /does not exist in/);
	});

	it('is refused with 404 where the knob says so', async () => {
		sandbox.knobs.unknownTemplateStatus = 404;
		expectRefusal(await send(sandbox, template({ name: 'no_such_template' })), 132001, undefined, 404);
	});

	it('is refused with 132015 when paused and 132016 when disabled', async () => {
		expectRefusal(await send(sandbox, template({ name: 'gritting_paused_example' })), 132015);
		expectRefusal(await send(sandbox, template({ name: 'gritting_disabled_example' })), 132016);
	});
});

describe('parameters', () => {
	const named = (...entries: Array<[string | undefined, unknown]>): Record<string, unknown> =>
		template({ components: [{ type: 'body', parameters: entries.map(([parameter_name, text]) => ({ type: 'text', ...(parameter_name && { parameter_name }), text })) }] });

	it('may come in any order when they have names', async () => {
		expect((await send(sandbox, named(['note', 'c'], ['time', 'b'], ['routes', 'a']))).status).toBe(200);
	});

	it.each([
		[0, []],
		[2, [['routes', 'a'], ['time', 'b']]],
		[4, [['routes', 'a'], ['time', 'b'], ['note', 'c'], ['more', 'd']]],
	] as Array<[number, Array<[string, string]>]>)('in the wrong number (%i) are refused with 132000', async (count, entries) => {
		expectRefusal(await send(sandbox, named(...entries)), 132000, `body: number of localizable_params (${count}) does not match the expected number of params (3)`);
	});

	it('without name, with a wrong name or twice are refused with 100', async () => {
		expectRefusal(await send(sandbox, named([undefined, 'a'], ['time', 'b'], ['note', 'c'])), 100, /name is missing/);
		expectRefusal(await send(sandbox, named(['route', 'a'], ['time', 'b'], ['note', 'c'])), 100, /route/);
		expectRefusal(await send(sandbox, named(['time', 'a'], ['time', 'b'], ['note', 'c'])), 100, /twice/);
	});

	it.each(['a\nb', 'a\tb', 'a\rb', 'a     b'])('with newlines, tabs or more than four spaces are refused with 132018: %j', async (text) => {
		expectRefusal(await send(sandbox, grittingNotice(phone, { note: text })), 132018, /new-line\/tab characters or more than 4 consecutive spaces/);
	});

	it('with exactly four spaces are accepted', async () => {
		expect((await send(sandbox, grittingNotice(phone, { note: 'a    b' }))).status).toBe(200);
	});

	it('that are empty are refused with 131008', async () => {
		expectRefusal(await send(sandbox, grittingNotice(phone, { note: '' })), 131008);
	});

	it('that make the body longer than 1024 characters are refused with 132005', async () => {
		expectRefusal(await send(sandbox, grittingNotice(phone, { note: 'x'.repeat(1000) })), 132005, /1024/);
	});

	it('come by position where the template has numbers', async () => {
		const positional = (parameters: unknown[]): Record<string, unknown> => template({ name: 'appointment_reminder', components: [{ type: 'body', parameters }] });
		expect((await send(sandbox, positional([{ type: 'text', text: 'the Civic Centre' }, { type: 'text', text: 'Monday' }]))).status).toBe(200);
		await sandbox.idle();
		expect(sandbox.residents.find('447700900123')?.thread[0]?.content.body).toBe('Your appointment at the Civic Centre is on Monday. Please bring your letter with you.');
		sandbox.reset();
		expectRefusal(await send(sandbox, positional([{ type: 'text', text: 'a' }])), 132000);
		expectRefusal(await send(sandbox, positional([{ type: 'text', text: 'a' }, { type: 'text', parameter_name: 'x', text: 'b' }])), 100);
	});

	it('of another type than text are refused with 132012', async () => {
		expectRefusal(await send(sandbox, template({ components: [{ type: 'body', parameters: ['routes', 'time', 'note'].map((parameter_name) => ({ type: 'image', parameter_name, image: { id: '1' } })) }] })), 132012);
	});
});

describe('the shape of a message', () => {
	it.each([
		['no messaging_product', { messaging_product: undefined, to: phone, text: { body: 'x' } }, 100],
		['another product', { messaging_product: 'sms', to: phone, text: { body: 'x' } }, 100],
		['no recipient', { text: { body: 'x' } }, 131008],
		['no text', { to: phone, type: 'text' }, 131008],
		['empty text', { to: phone, text: { body: '' } }, 131008],
		['text that is too long', { to: phone, text: { body: 'x'.repeat(4097) } }, 100],
		['text that is a number', { to: phone, text: { body: 7 } }, 100],
		['an unknown field', { to: phone, text: { body: 'x' }, priority: 'high' }, 100],
		['an unknown field inside', { to: phone, text: { body: 'x', bold: true } }, 100],
		['a template in a text', { to: phone, type: 'text', text: { body: 'x' }, template: {} }, 100],
		['an unknown type', { to: phone, type: 'hologram' }, 100],
		['a type named like a property of every object', { to: phone, type: 'constructor' }, 100],
		['a type named like the prototype', { to: phone, type: '__proto__' }, 100],
		['a sticker that nobody uploaded', { to: phone, type: 'sticker', sticker: { id: '1' } }, 100],
		['an interactive message of a kind the sandbox does not deliver', { to: phone, type: 'interactive', interactive: { type: 'product_list', body: { text: 'x' }, action: {} } }, 131051],
		['a group', { to: phone, recipient_type: 'group', text: { body: 'x' } }, 100],
		['no template name', template({ name: undefined }), 131008],
		['no language', template({ language: undefined }), 131008],
		['a component without type', template({ components: [{}] }), 131008],
		['an unknown component', template({ components: [{ type: 'order_status' }] }), 100],
		['callback data above 512 characters', { to: phone, text: { body: 'x' }, biz_opaque_callback_data: 'x'.repeat(513) }, 100],
		['a quoted id that is none', { to: phone, text: { body: 'x' }, context: { message_id: 'x' } }, 131009],
		['letters for a number', { to: '+44 call me', text: { body: 'x' } }, 131009],
		['too many digits', { to: '+4477009001234567', text: { body: 'x' } }, 131009],
		['the sender as recipient', { to: '+441632960000', text: { body: 'x' } }, 131021],
	])('is refused: %s', async (_what, message, code) => {
		expectRefusal(await send(sandbox, message), code);
	});

	it('may have 512 characters of callback data', async () => {
		expect((await send(sandbox, { to: phone, text: { body: 'x' }, biz_opaque_callback_data: 'x'.repeat(512) })).status).toBe(200);
	});

	it('is judged before its recipient, and its recipient before its template', async () => {
		expectRefusal(await send(sandbox, { ...template({ name: 'no_such_template' }, 'letters'), oops: 1 }), 100);
		expectRefusal(await send(sandbox, template({ name: 'no_such_template' }, 'letters')), 131009);
	});
});

describe('a number without "+"', () => {
	it.each([
		['07700900123', '4407700900123'],
		['447700900123', '44447700900123'],
		['(7700) 900 123', '447700900123'],
	])('%s is dialled as %s', async (to, dialled) => {
		const { body } = await send(sandbox, grittingNotice(to));
		expect(body.contacts).toEqual([{ input: to, wa_id: dialled }]);
	});

	it('reaches a stranger, visibly', async () => {
		await send(sandbox, grittingNotice('07700900123'));
		expect(sandbox.residents.find('4407700900123')?.stranger).toBe(true);
	});

	it('is left alone by the lenient knob when it starts with the country code', async () => {
		sandbox.knobs.missingPlus = 'lenient';
		expect((await send(sandbox, grittingNotice('447700900123'))).body.contacts).toEqual([{ input: '447700900123', wa_id: '447700900123' }]);
	});
});

describe('other recipients', () => {
	it('are found by business-scoped user id', async () => {
		const { userId } = sandbox.residents.at('447700900123');
		const { body } = await send(sandbox, { ...grittingNotice(''), to: undefined, recipient: userId });
		expect(body.contacts).toEqual([{ input: userId, user_id: userId }]);
	});

	it('are refused in development mode unless they are on the list', async () => {
		const development = await startSandbox({ allowedRecipients: ['+44 7700 900001'] });
		try {
			expect((await send(development, grittingNotice('+447700900002'))).body.error?.code).toBe(131030);
			expect((await send(development, grittingNotice('+447700900001'))).status).toBe(200);
		} finally {
			await development.stop();
		}
	});

	it('are refused with 133010 while the number is not registered', async () => {
		sandbox.knobs.numberRegistered = false;
		expectRefusal(await send(sandbox, grittingNotice(phone)), 133010);
	});
});

describe('throughput', () => {
	it('beyond the burst is refused with 130429, and counts inbound messages too', async () => {
		Object.assign(sandbox.knobs, { throughputPerSecond: 0.001, throughputBurst: 3 });
		const codes: Array<number | undefined> = [];
		for (let nth = 0; nth < 2; nth++) codes.push((await send(sandbox, grittingNotice(phone))).body.error?.code);
		sandbox.inbound.receive(sandbox.residents.at('447700900123'), { kind: 'text', text: 'hello' });
		codes.push((await send(sandbox, grittingNotice(phone))).body.error?.code);
		expect(codes).toEqual([undefined, undefined, 130429]);
	});
});

describe('mark as read', () => {
	it('ticks the message and the earlier ones of its thread', async () => {
		const resident = sandbox.residents.at('447700900123');
		const ids = ['one', 'two', 'three'].map((text) => sandbox.inbound.receive(resident, { kind: 'text', text }));
		expect((await send(sandbox, { status: 'read', message_id: ids[1], typing_indicator: { type: 'text' } })).body).toEqual({ success: true });
		expect(resident.thread.map(({ tick }) => tick)).toEqual(['read', 'read', 'sent']);
	});

	it('refuses an id it has not seen, and a status it does not know', async () => {
		expect((await send(sandbox, { status: 'read', message_id: 'wamid.unknown' })).body.error?.code).toBe(131009);
		expect((await send(sandbox, { status: 'played', message_id: 'wamid.unknown' })).body.error?.code).toBe(100);
	});
});

describe('an id', () => {
	it('repeats for the same seed, and never within one sandbox, even after a reset', async () => {
		const idFrom = async (from: Sandbox): Promise<string | undefined> => (await send(from, grittingNotice(phone))).body.messages?.[0]?.id;
		const [one, other, third] = await Promise.all([startSandbox({ seed: 'a' }), startSandbox({ seed: 'a' }), startSandbox({ seed: 'b' })]);
		try {
			const first = await idFrom(one);
			expect(await idFrom(other)).toBe(first);
			expect(await idFrom(third)).not.toBe(first);
			one.reset();
			expect(await idFrom(one)).not.toBe(first);
		} finally {
			await Promise.all([one, other, third].map((each) => each.stop()));
		}
	});
});

it('keeps no access token in its journal', async () => {
	await graph(sandbox, 'GET', `v25.0/debug_token?input_token=${sandbox.token}&access_token=${sandbox.token}`);
	expect(JSON.stringify(sandbox.journal.entries())).not.toContain(sandbox.token);
});

it.each([`to=1&access_token=EAAGrealtoken&type=text`, '{"to":"1","access_token" : "EAAGrealtoken"}'])('keeps no access token of a body in its journal: %s', async (body) => {
	await graph(sandbox, 'POST', `v25.0/${sandbox.phoneNumberId}/messages`, body);
	expect(JSON.stringify(sandbox.journal.entries())).not.toContain('EAAGrealtoken');
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { admin, graph, grittingNotice, send, type Reply } from './callSandbox';
import { WebhookReceiver } from './webhookReceiver';

const hour = 3_600_000;
const day = 24 * hour;
const name = 'gritting_notice';

let receiver: WebhookReceiver;
let sandbox: Sandbox;
beforeEach(async () => {
	receiver = new WebhookReceiver();
	sandbox = await startSandbox({ seed: 5, clockRate: 0, knobs: { sentLatencyMs: [10, 10], deliveredLatencyMs: [10, 10], readLatencyMs: [10, 10], noReadReceipts: 0, readWithoutDelivered: 0 } });
	await sandbox.target.accept(await receiver.start());
});
afterEach(async () => {
	await sandbox.stop();
	await receiver.stop();
});

async function pass(ms: number): Promise<void> {
	expect((await admin(sandbox, 'POST', 'clock', { advanceMs: ms })).status).toBe(200);
}

async function change(body: Record<string, unknown>): Promise<void> {
	expect((await admin(sandbox, 'POST', 'templates', { name, ...body })).status).toBe(200);
	await pass(0);
	await sandbox.webhooks.settled();
}

function create(more: Record<string, unknown> = {}): Promise<Reply> {
	return graph(sandbox, 'POST', `v25.0/${sandbox.businessAccountId}/message_templates`, { name: 'tide_notice', language: 'en_GB', category: 'UTILITY', components: [{ type: 'BODY', text: 'High tide is late tonight.' }], ...more });
}

function statusOf(wanted: string): string | undefined {
	return sandbox.templates.find(wanted, 'en_GB')?.status;
}

function news(field = 'message_template_status_update'): unknown[] {
	return receiver.changes(field).map(({ value }) => value);
}

describe('a created template', () => {
	it('is approved, or rejected with a reason and a recommendation', async () => {
		expect((await create()).body).toMatchObject({ status: 'PENDING', category: 'UTILITY' });
		await pass(1000);
		sandbox.knobs.templateReview = 'reject';
		sandbox.knobs.templateRejectionReason = 'PROMOTIONAL';
		await create({ name: 'tide_offer' });
		await pass(1000);
		expect(news()).toMatchObject([{ event: 'APPROVED', reason: 'NONE' }, { event: 'REJECTED', reason: 'PROMOTIONAL', rejection_info: { reason: 'PROMOTIONAL', recommendation: expect.any(String) } }]);
		expect((await graph(sandbox, 'GET', `v25.0/${sandbox.templates.find('tide_offer', 'en_GB')?.id}?fields=status,rejected_reason`)).body).toMatchObject({ status: 'REJECTED', rejected_reason: 'PROMOTIONAL' });
	});

	it('may have every kind of button, within Meta’s limits', async () => {
		const withButtons = (...buttons: object[]): Promise<Reply> => create({ name: 'tide_buttons', category: 'MARKETING', components: [{ type: 'BODY', text: 'High tide is late tonight.' }, { type: 'BUTTONS', buttons }] });
		const code = { type: 'COPY_CODE', example: 'TIDE25' };
		for (const wrong of [[{ ...code, example: 'x'.repeat(16) }], [{ type: 'COPY_CODE' }], [code, code], [{ type: 'PHONE_NUMBER', text: 'Call', phone_number: '+'.padEnd(21, '4') }], [{ type: 'FLOW', text: 'x'.repeat(26) }]]) expect((await withButtons(...wrong)).status).toBe(400);
		expect((await withButtons({ type: 'QUICK_REPLY', text: 'Stop these' }, code, { type: 'PHONE_NUMBER', text: 'Call', phone_number: '+441632960001' }, { type: 'REQUEST_CONTACT_INFO' })).status).toBe(200);
		await pass(1000);
		const components = [{ type: 'button', sub_type: 'copy_code', index: '1', parameters: [{ type: 'coupon_code', coupon_code: 'TIDE30' }] }];
		expect((await send(sandbox, { to: '+447700900123', type: 'template', template: { name: 'tide_buttons', language: { code: 'en_GB' }, components } })).status).toBe(200);
	});

	it('may be approved as marketing without a word', async () => {
		sandbox.knobs.templateReview = 'approve-as-marketing';
		await create();
		await pass(1000);
		expect(sandbox.templates.find('tide_notice', 'en_GB')).toMatchObject({ status: 'APPROVED', category: 'MARKETING' });
		expect(news('template_category_update')).toEqual([]);
	});

	it('is one of at most so many an hour and in all', async () => {
		sandbox.knobs.templatesPerHour = 2;
		for (const nth of [1, 2]) expect((await create({ name: `tide_${nth}` })).status).toBe(200);
		expect((await create({ name: 'tide_3' })).body.error?.code).toBe(80007);
		await pass(hour);
		sandbox.knobs.templateLimit = sandbox.templates.all().length;
		expect((await create({ name: 'tide_3' })).body.error).toMatchObject({ code: 100, error_subcode: 2388019 });
	});
});

describe('bad quality', () => {
	it('flags, pauses for three hours, then for six, then disables for good', async () => {
		const history: Array<[string | undefined, number]> = [];
		const note = (): number => history.push([statusOf(name), (sandbox.clock.elapsed() / hour) | 0]);
		for (let nth = 0; nth < 4; nth++) {
			await change({ feedback: 'negative' });
			note();
			await pass(3 * hour - 1000);
			note();
			await pass(3 * hour + 2000);
			note();
		}
		expect(history.map(([status]) => status)).toEqual(['APPROVED', 'APPROVED', 'APPROVED', 'PAUSED', 'PAUSED', 'APPROVED', 'PAUSED', 'PAUSED', 'APPROVED', 'DISABLED', 'DISABLED', 'DISABLED']);
		const events = (news() as Array<{ event: string; other_info?: { title: string } }>).map(({ event, other_info }) => [event, other_info?.title]);
		expect(events).toEqual([['FLAGGED', undefined], ['PAUSED', 'FIRST_PAUSE'], ['APPROVED', 'UNPAUSE'], ['PAUSED', 'SECOND_PAUSE'], ['APPROVED', 'UNPAUSE'], ['DISABLED', 'DISABLED']]);
		expect(news('message_template_quality_update')).toMatchObject([{ previous_quality_score: 'GREEN', new_quality_score: 'YELLOW' }, { previous_quality_score: 'YELLOW', new_quality_score: 'RED' }]);
		expect((await send(sandbox, grittingNotice('+447700900123'))).body.error?.code).toBe(132016);
	});

	it('does not end a pause that somebody ended before', async () => {
		await change({ status: 'PAUSED' });
		await change({ status: 'APPROVED' });
		await change({ status: 'PAUSED' });
		await pass(4 * hour);
		expect(statusOf(name)).toBe('PAUSED');
		await pass(3 * hour);
		expect(statusOf(name)).toBe('APPROVED');
	});
});

describe('another category', () => {
	it('is announced a day before it comes', async () => {
		await change({ correctCategory: 'MARKETING' });
		expect(news('template_category_update')).toEqual([expect.objectContaining({ new_category: 'UTILITY', correct_category: 'MARKETING', category_update_timestamp: expect.any(Number) })]);
		await pass(23 * hour);
		expect(sandbox.templates.find(name, 'en_GB')).toMatchObject({ category: 'UTILITY', correct_category: 'MARKETING' });
		await pass(2 * hour);
		expect(sandbox.templates.find(name, 'en_GB')).toMatchObject({ category: 'MARKETING', previous_category: 'UTILITY' });
		expect(news('template_category_update').at(-1)).toMatchObject({ previous_category: 'UTILITY', new_category: 'MARKETING' });
	});

	it('comes without notice where Meta warned before', async () => {
		await change({ category: 'MARKETING' });
		expect(news('template_category_update')).toEqual([{ message_template_id: expect.any(Number), message_template_name: name, message_template_language: 'en_GB', previous_category: 'UTILITY', new_category: 'MARKETING' }]);
	});
});

describe('an edit', () => {
	const edit = (body: Record<string, unknown>): Promise<Reply> => graph(sandbox, 'POST', `v25.0/${sandbox.templates.find('test_message', 'en_GB')?.id}`, body);
	const text = (words: string): Record<string, unknown> => ({ components: [{ type: 'BODY', text: words }] });

	it('of an approved template goes through review again, once a day and ten times in thirty days', async () => {
		expect((await edit(text('This is another test.'))).body).toEqual({ success: true });
		expect(statusOf('test_message')).toBe('PENDING');
		expect((await edit(text('Too early.'))).body.error).toMatchObject({ code: 100, error_subcode: 2388039 });
		await pass(1000);
		expect(statusOf('test_message')).toBe('APPROVED');
		expect(news('message_template_components_update')).toMatchObject([{ message_template_name: 'test_message', message_template_element: 'This is another test.' }]);
		expect((await edit(text('On the same day.'))).status).toBe(400);
		let taken = 1;
		for (let nth = 0; nth < 14; nth++) {
			await pass(day);
			if ((await edit(text(`Edit ${nth}.`))).status === 200) taken++;
		}
		expect(taken).toBe(10);
	});

	it('of a rejected one is free, and may change the category', async () => {
		await admin(sandbox, 'POST', 'templates', { name: 'test_message', status: 'REJECTED', reason: 'SCAM' });
		for (const words of ['One.', 'Two.']) {
			expect((await edit({ ...text(words), category: 'MARKETING' })).status).toBe(200);
			await admin(sandbox, 'POST', 'templates', { name: 'test_message', status: 'REJECTED' });
		}
	});

	it('cannot change the category of an approved one, nor be of nothing, nor break the rules', async () => {
		for (const body of [{ category: 'MARKETING' }, {}, { name: 'other' }, text('x'.repeat(1025)), { category: 'NEWS' }, { message_send_ttl_seconds: 5 }]) expect((await edit(body)).status).toBe(400);
		expect(statusOf('test_message')).toBe('APPROVED');
	});
});

describe('a deleted template', () => {
	const remove = (query: string): Promise<Reply> => graph(sandbox, 'DELETE', `v25.0/${sandbox.businessAccountId}/message_templates?${query}`);

	it('still delivers for thirty days, and keeps its name from others for as long', async () => {
		expect((await remove(`name=${name}`)).body).toEqual({ success: true });
		expect([statusOf(name), (await send(sandbox, grittingNotice('+447700900123'))).status]).toEqual(['PENDING_DELETION', 200]);
		await pass(29 * day);
		expect((await create({ name })).body.error).toMatchObject({ code: 100, error_subcode: 2388023 });
		await pass(2 * day);
		expect([statusOf(name), (await send(sandbox, grittingNotice('+447700900123'))).body.error?.code]).toEqual([undefined, 132001]);
		expect((await create({ name })).status).toBe(200);
		expect((news() as Array<{ event: string }>).map(({ event }) => event)).toEqual(['PENDING_DELETION', 'DELETED']);
	});

	it('is one language where its id is given; an unknown name is not found', async () => {
		await create({ name, language: 'en' });
		expect((await remove(`name=${name}&hsm_id=${sandbox.templates.find(name, 'en')?.id}`)).status).toBe(200);
		expect([statusOf(name), sandbox.templates.find(name, 'en')]).toEqual(['APPROVED', undefined]);
		expect((await remove('name=nothing')).status).toBe(404);
		expect((await remove('')).status).toBe(400);
	});
});

it('archives what nobody used for a year, and deletes it four weeks later', async () => {
	await pass(300 * day);
	await send(sandbox, grittingNotice('+447700900123'));
	await pass(100 * day);
	expect([statusOf(name), statusOf('test_message')]).toEqual(['APPROVED', undefined]);
	expect(news()).toContainEqual(expect.objectContaining({ event: 'ARCHIVED', message_template_name: 'test_message' }));
	await pass(270 * day);
	expect(statusOf(name)).toBe('ARCHIVED');
});

describe('pacing', () => {
	const offer = (to: string): Promise<Reply> => send(sandbox, { to, type: 'template', template: { name: 'tide_offer', language: { code: 'en_GB' } } });
	beforeEach(async () => {
		Object.assign(sandbox.knobs, { templatePacing: 'release', templatePacingBatch: 2 });
		await create({ name: 'tide_offer', category: 'MARKETING', components: [{ type: 'BODY', text: 'See the tide from the new pier.' }] });
		await pass(1000);
	});
	const sendFive = async (): Promise<string[]> => {
		const answers: string[] = [];
		for (let nth = 100; nth < 105; nth++) answers.push(String((await offer(`+447700900${nth}`)).body.messages?.[0]?.message_status));
		return answers;
	};

	it('holds what comes after the first batch, and releases it', async () => {
		expect(await sendFive()).toEqual(['accepted', 'accepted', 'held_for_quality_assessment', 'held_for_quality_assessment', 'held_for_quality_assessment']);
		await pass(60_000);
		expect(receiver.statuses().filter(({ status }) => status === 'sent')).toHaveLength(2);
		await pass(600_000);
		expect(receiver.statuses().filter(({ status }) => status === 'sent')).toHaveLength(5);
	});

	it('discards it where the quality is bad', async () => {
		await sendFive();
		await admin(sandbox, 'POST', 'templates', { name: 'tide_offer', pacing: 'discard' });
		await pass(1000);
		expect(receiver.statuses().filter(({ status }) => status === 'failed').map(({ errors }) => errors?.[0]?.code)).toEqual([132015, 132015, 132015]);
	});

	it('does not touch a utility template, unless it was paused in the last seven days', async () => {
		sandbox.knobs.templatePacingBatch = 0;
		const status = async (to: string): Promise<unknown> => (await send(sandbox, grittingNotice(to))).body.messages?.[0]?.message_status;
		expect(await status('+447700900110')).toBe('accepted');
		await change({ status: 'PAUSED' });
		await pass(4 * hour);
		expect(await status('+447700900111')).toBe('held_for_quality_assessment');
		await pass(8 * day);
		expect(await status('+447700900112')).toBe('accepted');
	});
});

import { describe, expect, it } from 'vitest';
import { messageText, previewTemplate } from '../../../core/message/previewTemplate';
import { parseTemplate } from '../../../core/whatsapp/template';

const template = (components: object[], changes: object = {}) => parseTemplate({ id: '1', name: 'open_day', language: 'en_GB', status: 'APPROVED', category: 'UTILITY', parameter_format: 'NAMED', components, ...changes });
const body = { type: 'BODY', text: 'The depot is open on {{day}} for all.', example: { body_text_named_params: [{ param_name: 'day', example: 'Monday' }] } };

describe('the preview of a template', () => {
	it('shows what is there, names what is missing, and says what Draft would refuse', () => {
		const link = { type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Map', url: 'https://aldersea.example/{{1}}' }, { type: 'PHONE_NUMBER', text: 'Ring', phone_number: '+441632960000' }] };
		const empty = previewTemplate(template([body, link]), {});
		expect(empty).toMatchObject({ ok: false, message: { header: null, body: 'The depot is open on [day] for all.' } });
		expect(empty.text).toBe('The depot is open on [day] for all.\n\n[Map] https://aldersea.example/[1]\n[Ring] +441632960000');
		expect(previewTemplate(template([body, link]), { body_day: 'Monday', button_0: 'depot' })).toMatchObject({ ok: true, problems: [], warnings: [] });
	});

	it('shows a picture and a place in words, also while they are not chosen', () => {
		expect(previewTemplate(template([{ type: 'HEADER', format: 'IMAGE' }, body]), { body_day: 'Monday' }).message.header).toBe('[Picture]');
		expect(previewTemplate(template([{ type: 'HEADER', format: 'LOCATION' }, body]), { body_day: 'Monday' }).message.header).toBe('[Map]');
	});

	it('warns of what changes consent, price or standing', () => {
		const { warnings } = previewTemplate(template([body], { category: 'MARKETING', correct_category: 'UTILITY', quality_score: { score: 'RED' } }), { body_day: 'Monday' });
		expect(warnings).toEqual([expect.stringContaining('from MARKETING to UTILITY'), expect.stringContaining('marketing template'), expect.stringContaining('red')]);
		expect(previewTemplate(template([body], { status: 'REJECTED', rejected_reason: 'SCAM' }), { body_day: 'Monday' }).problems).toEqual([expect.stringContaining('rejected at Meta (SCAM)')]);
	});

	it('as plain text leaves no empty lines for parts that are not there', () => {
		expect(messageText({ header: null, body: 'Hello', footer: null, buttons: [] }, 'Europe/London')).toBe('Hello');
		expect(messageText({ header: 'A', body: 'B', footer: 'C', buttons: [{ kind: 'quick_reply', text: 'D' }] }, 'Europe/London')).toBe('A\n\nB\n\nC\n\n[D]');
	});
});

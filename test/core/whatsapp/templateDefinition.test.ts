import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDefinition, parseDefinition } from '../../../core/whatsapp/templateDefinition';

type Part = Record<string, unknown>;

const named = (text: string, ...names: string[]): Part => ({ type: 'BODY', text, example: { body_text_named_params: names.map((param_name) => ({ param_name, example: 'x' })) } });
const plain = named('We grit {{routes}} tonight, please take care.', 'routes');
const withParts = (components: unknown[], changes: Part = {}) => ({ name: 'gritting', language: 'en_GB', category: 'UTILITY', parameter_format: 'NAMED', components, ...changes });
const buttons = (...list: Part[]) => withParts([plain, { type: 'BUTTONS', buttons: list }]);
const codes = (components: unknown[], changes: Part = {}) => withParts(components, { category: 'AUTHENTICATION', parameter_format: undefined, ...changes });
const copies = { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE' }] };
const quick = (text: string) => ({ type: 'QUICK_REPLY', text });
const link = (url: string, example?: string[]) => ({ type: 'URL', text: `Look ${url.length}`, url, ...(example && { example }) });

describe('a template definition', () => {
	it('passes when it keeps every limit, at the limit too', () => {
		const full = withParts(
			[
				{ type: 'HEADER', format: 'TEXT', text: 'x'.repeat(60) },
				named(`{{routes}}`.padStart(1023, 'x ') + '.', 'routes'),
				{ type: 'FOOTER', text: 'x'.repeat(60) },
				{ type: 'BUTTONS', buttons: [...Array.from({ length: 6 }, (_, i) => quick(`${i}`.padEnd(25, 'x'))), link('https://council.example/{{1}}', ['https://council.example/a']), link('https://council.example/b'), { type: 'PHONE_NUMBER', text: 'Ring us', phone_number: '+44 1632 960000' }, { type: 'COPY_CODE', example: 'x'.repeat(15) }] },
			],
			{ name: 'x'.repeat(512), message_send_ttl_seconds: 43_200 },
		);
		expect(checkDefinition(full).problems).toEqual([]);
		expect(checkDefinition(withParts([{ type: 'BODY', text: 'The {{1}} of {{2}} here', example: { body_text: [['a', 'b']] } }], { parameter_format: undefined })).problems.map(({ field }) => field)).toEqual(['body']);
		expect(checkDefinition(withParts([{ type: 'BODY', text: 'On {{1}} we come to {{2}} again', example: { body_text: [['a', 'b']] } }], { parameter_format: 'POSITIONAL' })).problems).toEqual([]);
		expect(checkDefinition(withParts([{ type: 'HEADER', format: 'IMAGE', example: { header_handle: ['4::a'] } }, plain])).problems).toEqual([]);
	});

	it('passes for one-time codes with what Meta leaves to choose', () => {
		const chosen = [{ type: 'BODY', add_security_recommendation: true }, { type: 'FOOTER', code_expiration_minutes: 90 }, { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE', text: 'x'.repeat(25) }] }];
		for (const parts of [chosen, [{ type: 'BODY' }, copies]]) expect(checkDefinition(codes(parts, { message_send_ttl_seconds: 900 })).problems).toEqual([]);
	});

	it.each<[string, unknown, string, RegExp]>([
		['an upper-case name', withParts([plain], { name: 'Gritting' }), 'name', /lower-case/],
		['a long name', withParts([plain], { name: 'x'.repeat(513) }), 'name', /513.*512/],
		['Welsh as a code', withParts([plain], { language: 'cy' }), 'language', /en_GB.*_cy/],
		['a hyphen in the code', withParts([plain], { language: 'en-GB' }), 'language', /underscore/],
		['words of its own around a one-time code', codes([plain, copies]), 'body', /Meta writes/],
		['a one-time code without a button', codes([{ type: 'BODY' }]), 'buttons', /missing/],
		['a one-time code on a plain link', codes([{ type: 'BODY' }, { type: 'BUTTONS', buttons: [link('https://a.example/a')] }]), 'buttons', /OTP/],
		['a header over a one-time code', codes([{ type: 'HEADER', format: 'TEXT', text: 'Code' }, { type: 'BODY' }, copies]), 'header', /none/],
		['a one-time code that lasts for hours', codes([{ type: 'BODY' }, { type: 'FOOTER', code_expiration_minutes: 91 }, copies]), 'footer', /1 to 90/],
		['a one-time code by name', codes([{ type: 'BODY' }, copies], { parameter_format: 'NAMED' }), 'parameter_format', /POSITIONAL/],
		['a one-time code that is kept for an hour', codes([{ type: 'BODY' }, copies], { message_send_ttl_seconds: 3600 }), 'message_send_ttl_seconds', /30 to 900/],
		['a body without words', withParts([{ type: 'BODY', add_security_recommendation: true }]), 'body', /no text/],
		['a button for codes', buttons({ type: 'OTP', otp_type: 'COPY_CODE' }), 'buttons [1]', /AUTHENTICATION/],
		['a long header', withParts([{ type: 'HEADER', format: 'TEXT', text: 'x'.repeat(61) }, plain]), 'header', /61.*60/],
		['two variables in the header', withParts([{ type: 'HEADER', format: 'TEXT', text: 'a {{b}} c {{d}} e f g', example: { header_text_named_params: [{ param_name: 'b', example: 'x' }, { param_name: 'd', example: 'x' }] } }, plain]), 'header', /2 variables/],
		['a picture without an example', withParts([{ type: 'HEADER', format: 'IMAGE' }, plain]), 'header', /example file/],
		['a long body', withParts([named(`x {{routes}} ${'y'.repeat(1024)}`, 'routes')]), 'body', /1037.*1024/],
		['no body', withParts([{ type: 'FOOTER', text: 'x' }]), 'body', /missing/],
		['two bodies', withParts([plain, plain]), 'body', /more than once/],
		['an empty body', withParts([{ type: 'BODY', text: ' ' }]), 'body', /empty/],
		['a variable first', withParts([named('{{routes}} are gritted', 'routes')]), 'body', /begins or ends/],
		['a variable last', withParts([named('We grit {{routes}} ', 'routes')]), 'body', /begins or ends/],
		['two variables side by side', withParts([named('We grit {{a}} {{b}} tonight from six o’clock', 'a', 'b')]), 'body', /side by side/],
		['too many variables', withParts([named('On {{a}} to {{b}} by {{c}} ok', 'a', 'b', 'c')]), 'body', /more words/],
		['a variable in another form', withParts([named('We grit {routes}} tonight', 'routes')]), 'body', /\{\{name\}\}/],
		['a number among names', withParts([named('We grit {{1}} tonight', '1')]), 'body', /lower-case/],
		['numbers with a gap', withParts([{ type: 'BODY', text: 'We come to {{1}} and also to {{3}} soon', example: { body_text: [['a', 'b', 'c']] } }], { parameter_format: 'POSITIONAL' }), 'body', /without a gap/],
		['no example', withParts([{ type: 'BODY', text: 'We grit {{routes}} tonight' }]), 'body', /example.*routes/],
		['an example too many', withParts([named('We grit {{routes}} tonight', 'routes', 'more')]), 'body', /more examples/],
		['a long footer', withParts([plain, { type: 'FOOTER', text: 'x'.repeat(61) }]), 'footer', /61.*60/],
		['a variable in the footer', withParts([plain, { type: 'FOOTER', text: 'From {{who}} here' }]), 'footer', /takes none/],
		['no buttons', buttons(), 'buttons', /empty list/],
		['eleven buttons', buttons(...Array.from({ length: 11 }, (_, i) => quick(`Answer ${i}`))), 'buttons', /11 buttons/],
		['three links', buttons(link('https://a.example/a'), link('https://a.example/bb'), link('https://a.example/ccc')), 'buttons', /3 links/],
		['mixed buttons', buttons(quick('A'), link('https://a.example/a'), quick('B')), 'buttons', /group/],
		['the same label twice', buttons(quick('Stop'), quick('stop ')), 'buttons', /same label/],
		['a long label', buttons(quick('x'.repeat(26))), 'buttons [1]', /26.*25/],
		['a link with an open host', buttons(link('https://{{1}}', ['https://a.example'])), 'buttons [1]', /host is fixed/],
		['a variable inside a link', buttons(link('https://a.example/{{1}}/b', ['https://a.example/x/b'])), 'buttons [1]', /end of its address/],
		['a link without an example', buttons(link('https://a.example/{{1}}')), 'buttons [1]', /example/],
		['no telephone number', buttons({ type: 'PHONE_NUMBER', text: 'Ring', phone_number: 'the office' }), 'buttons [1]', /telephone/],
		['a long code', buttons({ type: 'COPY_CODE', example: 'x'.repeat(16) }), 'buttons [1]', /15/],
		['a payment', buttons({ type: 'ORDER_DETAILS', text: 'Pay' }), 'components [2].buttons [1].type', /kind/],
		['goods on cards', withParts([plain, { type: 'CAROUSEL', cards: [{ components: [{ type: 'HEADER', format: 'PRODUCT' }] }] }], { category: 'MARKETING' }), 'components [2].cards [1].components [1].format', /PRODUCT/],
		['a field that nobody knows', withParts([plain], { colour: 'red' }), 'definition', /'colour'/],
		['a stale alert', withParts([plain], { message_send_ttl_seconds: 86_400 }), 'message_send_ttl_seconds', /30 to 43200/],
		['a short-lived advertisement', withParts([plain], { category: 'MARKETING', message_send_ttl_seconds: 60 }), 'message_send_ttl_seconds', /43200 to 2592000/],
	])('is refused with %s, by the name of the field', (_, raw, field, words) => {
		const { problems } = checkDefinition(raw);
		expect(problems.map((problem) => problem.field)).toContain(field);
		expect(problems.find((problem) => problem.field === field)?.message).toMatch(words);
		expect(() => parseDefinition(raw)).toThrow(words);
	});

	it('is an answer whatever is given, and never a crash', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (raw) => {
				const { definition, problems } = checkDefinition(raw);
				expect(definition !== undefined || problems.length > 0).toBe(true);
				for (const { message } of problems) expect(message).toMatch(/^'.*\.$/s);
			}),
			{ numRuns: 300 },
		);
		fc.assert(
			fc.property(fc.string(), fc.array(fc.string(), { maxLength: 4 }), (text, names) => {
				checkDefinition(withParts([named(text, ...names)]));
			}),
			{ numRuns: 300 },
		);
	});
});

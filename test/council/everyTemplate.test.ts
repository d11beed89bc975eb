import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startSandbox, type Sandbox } from '../../apps/sandbox/sandbox';
import { createCloudApi, type CloudApi } from '../../core/whatsapp/cloudApi';
import { checkMessage } from '../../core/whatsapp/messages/content';
import { checkParameters } from '../../core/whatsapp/parameterChecks';
import { parsePhoneNumber } from '../../core/whatsapp/phoneNumber';
import type { Template } from '../../core/whatsapp/template';
import { checkDefinition, parseDefinition } from '../../core/whatsapp/templateDefinition';
import { templateDifferences } from '../../core/whatsapp/templateDifferences';
import { toComponents } from '../../core/whatsapp/templateMessage';
import { unsupportedParts } from '../../core/whatsapp/templateParameters';
import { renderTemplate } from '../../core/whatsapp/templateRendering';
import { anyDefinition, anyValues, spoilt, type Uploads } from './templateMaking';
import { quickKnobs } from './quickSandbox';

const resident = parsePhoneNumber('07700 900123').number;
const samples = { image: ['image/jpeg', 'ffd8ffe000104a464946'], video: ['video/mp4', '000000186674797069736f6d'], document: ['application/pdf', '255044462d312e37'] } as const;

describe('a template of any family', () => {
	let sandbox: Sandbox;
	let api: CloudApi;
	let uploads: Uploads;
	let made = 0;
	beforeAll(async () => {
		sandbox = await startSandbox({ seed: 5, knobs: { ...quickKnobs, templateReviewMs: 0, templatesPerHour: 1e6, templateLimit: 1e6, managementCallsPerHour: 1e6 } });
		api = createCloudApi({ graphUrl: sandbox.api, graphVersion: 'v26.0', accessToken: sandbox.token, appSecret: sandbox.appSecret, phoneNumberId: sandbox.phoneNumberId, businessAccountId: sandbox.businessAccountId });
		const upload = async (kind: keyof typeof samples): Promise<string> => {
			const [mimeType, head] = samples[kind];
			return (await api.uploadMedia({ bytes: Buffer.concat([Buffer.from(head, 'hex'), Buffer.alloc(600, 7)]), mimeType, filename: kind })).id;
		};
		uploads = { image: await upload('image'), video: await upload('video'), document: await upload('document') };
	});
	afterAll(() => sandbox.stop());

	/** Registers a definition as Template: Submit does, and reads it back as Draft does. */
	async function register(raw: object): Promise<Template> {
		const name = `made_up_${++made}`;
		const definition = parseDefinition({ ...raw, name });
		expect(await api.createTemplate(definition)).toMatchObject({ status: 'PENDING' });
		await sandbox.idle();
		const { value: template } = await api.getTemplate(name, 'en_GB');
		expect(template.status).toBe('APPROVED');
		expect(templateDifferences(template, definition)).toEqual([]);
		expect(unsupportedParts(template)).toEqual([]);
		return template;
	}

	/** What Graph answers to components that the client’s own checks never saw. */
	async function statusOf(template: Template, components: unknown): Promise<number> {
		const body = { messaging_product: 'whatsapp', to: resident, type: 'template', template: { name: template.name, language: { code: template.language }, components } };
		const { status } = await fetch(`${sandbox.api}/v26.0/${sandbox.phoneNumberId}/messages`, { method: 'POST', headers: { authorization: `Bearer ${sandbox.token}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
		return status;
	}

	it('that fits the client’s checks is taken by an API that was written without it, and arrives as it was shown before', async () => {
		await fc.assert(
			fc.asyncProperty(anyDefinition, fc.gen(), async (raw, gen) => {
				const template = await register(raw);
				const values = gen(() => anyValues(template, uploads, sandbox.clock.now()));
				expect(checkParameters(template, values)).toEqual([]);
				const components = toComponents(template, values);
				expect(await api.send({ to: resident, content: { type: 'template', name: template.name, language: template.language, components } }, { callbackData: 'delivery 7' })).toMatchObject({ outcome: 'accepted' });
				await sandbox.idle();
				const arrived = sandbox.residents.find(resident.slice(1))?.thread.at(-1)?.content;
				const { body, footer, offer, buttons, cards } = renderTemplate(template, values);
				expect(arrived).toMatchObject({
					body,
					...(footer === undefined ? {} : { footer }),
					...(offer === undefined ? {} : { offer: { text: offer.text, ...(offer.ends === undefined ? {} : { endsAt: offer.ends }) } }),
					buttons: buttons.map(({ kind, text, url, phone, code }) => ({ kind, text, ...(url === undefined ? {} : { url }), ...(phone === undefined ? {} : { phone }), ...(code === undefined ? {} : { code }) })),
					...(cards === undefined ? {} : { cards: cards.map((card) => ({ header: { kind: card.headerMedia?.kind }, body: card.body, buttons: card.buttons.map(({ kind, text }) => ({ kind, text })) })) }),
				});
			}),
			{ numRuns: 40, endOnFailure: true },
		);
	}, 120_000);

	it('that does not fit is refused by both, value by value', async () => {
		await fc.assert(
			fc.asyncProperty(anyDefinition, fc.gen(), async (raw, gen) => {
				const template = await register(raw);
				const values = gen(() => anyValues(template, uploads, sandbox.clock.now()));
				for (const { key, values: wrong, asked } of spoilt(template, values)) {
					expect([key, checkParameters(template, wrong).length > 0]).toEqual([key, true]);
					if (!asked) continue;
					expect([key, wrong[key], await statusOf(template, toComponents(template, wrong))]).toEqual([key, wrong[key], 400]);
				}
			}),
			{ numRuns: 15, endOnFailure: true },
		);
	}, 120_000);

	it('with any part of its message left out or put in twice is refused', async () => {
		await fc.assert(
			fc.asyncProperty(anyDefinition, fc.gen(), async (raw, gen) => {
				const template = await register(raw);
				const values = gen(() => anyValues(template, uploads, sandbox.clock.now()));
				const components = toComponents(template, values);
				for (const [at, part] of components.entries()) {
					const optional = part.type === 'button' && part.sub_type === 'quick_reply';
					if (!optional) expect([part, await statusOf(template, components.filter((_, other) => other !== at))]).toEqual([part, 400]);
					expect([part, await statusOf(template, [...components, part])]).toEqual([part, 400]);
				}
			}),
			{ numRuns: 15, endOnFailure: true },
		);
	}, 120_000);

	const text = { type: 'BODY', text: 'Come and see us.' };
	const picture = { type: 'HEADER', format: 'IMAGE', example: { header_handle: ['4::a'] } };
	const code = { type: 'COPY_CODE', example: 'SWIM26' };
	const link = { type: 'URL', text: 'Book', url: 'https://aldersea.example' };
	const offer = (fields: object = {}): object => ({ type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Half price!', ...fields } });
	const buttons = (...list: object[]): object => ({ type: 'BUTTONS', buttons: list });
	const cards = (...list: object[][]): object => ({ type: 'CAROUSEL', cards: list.map((components) => ({ components })) });
	it.each<[string, object[], string]>([
		['a carousel for information', [text, cards([picture], [picture])], 'UTILITY'],
		['one card', [text, cards([picture])], 'MARKETING'],
		['cards that differ', [text, cards([picture], [picture, text])], 'MARKETING'],
		['a card without a picture', [text, cards([text], [text])], 'MARKETING'],
		['a card of 161 characters', [text, cards([picture, { ...text, text: 'x'.repeat(161) }], [picture, text])], 'MARKETING'],
		['a code on a card', [text, cards([picture, buttons(code)], [picture, buttons(code)])], 'MARKETING'],
		['a footer beside cards', [text, { type: 'FOOTER', text: 'x' }, cards([picture], [picture])], 'MARKETING'],
		['an offer for information', [offer(), text, buttons(link)], 'UTILITY'],
		['an offer of 17 characters', [offer({ text: 'x'.repeat(17) }), text, buttons(link)], 'MARKETING'],
		['an offer with a footer', [offer(), text, { type: 'FOOTER', text: 'x' }, buttons(link)], 'MARKETING'],
		['an offer with a text of 601 characters', [offer(), { ...text, text: 'x'.repeat(601) }, buttons(link)], 'MARKETING'],
		['an end without a code', [offer({ has_expiration: true }), text, buttons(link)], 'MARKETING'],
		['a code that is not first', [offer(), text, buttons(link, code)], 'MARKETING'],
		['an offer without a link', [offer(), text, buttons(code)], 'MARKETING'],
		['a form without a name', [text, buttons({ type: 'FLOW', text: 'Report' })], 'UTILITY'],
		['own words on a request for the number', [text, buttons({ type: 'REQUEST_CONTACT_INFO', text: 'Your number?' })], 'UTILITY'],
		['a catalogue', [text, buttons({ type: 'CATALOG', text: 'Shop' })], 'MARKETING'],
	])('with %s is refused by both before it is one', async (_, components, category) => {
		const raw = { name: `made_up_${++made}`, language: 'en_GB', category, components };
		expect(checkDefinition(raw).problems).not.toEqual([]);
		const { status } = await fetch(`${sandbox.api}/v26.0/${sandbox.businessAccountId}/message_templates`, { method: 'POST', headers: { authorization: `Bearer ${sandbox.token}`, 'content-type': 'application/json' }, body: JSON.stringify(raw) });
		expect(status).toBe(400);
	});

	it('may be filled with amounts and dates, which both know', async () => {
		const template = await register({ language: 'en_GB', category: 'UTILITY', components: [{ type: 'BODY', text: 'It costs {{1}} until {{2}} for everybody who comes.', example: { body_text: [['£5', '1 May']] } }] });
		const components = [{ type: 'body' as const, parameters: [{ type: 'currency' as const, currency: { fallback_value: '£5', code: 'GBP', amount_1000: 5000 } }, { type: 'date_time' as const, date_time: { fallback_value: '1 May' } }] }];
		const content = { type: 'template' as const, name: template.name, language: template.language, components };
		expect(checkMessage(content)).toEqual([]);
		expect(await api.send({ to: resident, content }, { callbackData: 'delivery 8' })).toMatchObject({ outcome: 'accepted' });
		expect(checkMessage({ ...content, components: [{ type: 'body', parameters: [{ type: 'currency', currency: { fallback_value: '£5', code: 'pounds', amount_1000: 0.5 } }] }] })).toHaveLength(2);
	});
});

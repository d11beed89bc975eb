import { CivicError } from '../errors';
import type { Store } from '../store/store';
import type { CloudApi } from '../whatsapp/cloudApi';
import { checkParameters } from '../whatsapp/parameterChecks';
import { templateContent } from '../whatsapp/templateContent';
import type { Template } from '../whatsapp/template';
import { unsupportedParts, type TemplateValues } from '../whatsapp/templateParameters';
import { renderTemplate } from '../whatsapp/templateRendering';
import { isCodeTemplate } from '../whatsapp/templateScope';
import { createDraft, type CreatedDraft, type NewDraft } from './createDraft';
import { pinMedia, type DraftMedia } from './draftMedia';
import type { DraftSummary } from './draftSummary';
import { headerInWords } from './headerInWords';
import { requireApproved } from './requireApproved';

/** What a comms officer gives. */
export interface BroadcastWish {
	channelId: string;
	service: string;
	title: string;
	template: { name: string; language: string };
	parameters: TemplateValues;
	/** Language of the words: `en`, `cy`. */
	contentLanguage: string;
	audience: NewDraft['audience'];
	notBefore: number | null;
	notAfter: number | null;
	feed: NewDraft['feed'];
	requester: NewDraft['requester'];
	contributors: NewDraft['contributors'];
	/** What it is for, up to 200 characters, where service, title and audience do not say it. */
	purpose?: string;
	/** Id of the draft that it replaces. */
	replaces?: string;
	/** For the estimate; absent means the prices that come along. */
	prices?: NewDraft['prices'];
}

/**
 * Reads the template at Meta, checks every value against Meta's limits, and fixes the draft.
 * @throws CivicError before anything is stored, naming the field
 */
export async function draftBroadcast({ store, api }: { store: Store; api: CloudApi }, wish: BroadcastWish): Promise<CreatedDraft> {
	requireTitle(wish.title.trim());
	if ((wish.purpose?.length ?? 0) > longestTitle) {
		throw new CivicError('input.invalid', `'Purpose' has ${wish.purpose?.length} characters; ${longestTitle} are allowed.`, 'Give a few words that every version of this draft shares.');
	}
	const { value: template } = await api.getTemplate(wish.template.name, wish.template.language);
	requireApproved(template);
	requireSendable(template, wish.parameters);
	const media = await pinMedia(api, template, wish.parameters);
	return store.execute(createDraft, {
		channelId: wish.channelId,
		service: wish.service.trim(),
		title: wish.title.trim(),
		category: template.category,
		variant: {
			contentLanguage: wish.contentLanguage,
			template: template.name,
			templateLanguage: template.language,
			templateContent: templateContent(template),
			parameters: { ...wish.parameters },
			...(media.length === 0 ? {} : { media }),
		},
		rendered: rendered(template, wish.parameters, media),
		audience: wish.audience,
		notBefore: wish.notBefore,
		notAfter: wish.notAfter,
		feed: wish.feed,
		requester: wish.requester,
		contributors: wish.contributors,
		warnings: warningsAbout(template),
		...(wish.purpose === undefined ? {} : { purpose: wish.purpose }),
		...(wish.replaces === undefined ? {} : { replaces: wish.replaces }),
		...(wish.prices === undefined ? {} : { prices: wish.prices }),
	});
}

const longestTitle = 200;

/** The title travels in the message that asks for sign-off, where Meta takes no control characters. */
function requireTitle(title: string): void {
	const what =
		title === ''
			? 'is empty'
			: title.length > longestTitle
				? `has ${title.length} characters; ${longestTitle} are allowed`
				: /[\p{Cc}\p{Cs}]/u.test(title)
					? 'holds a line break or another character that cannot be shown'
					: undefined;
	if (what === undefined) return;
	throw new CivicError('input.invalid', `'Title' ${what}.`, 'Give the broadcast a short name, such as "Gritting tonight, routes 1 and 3".');
}

/** The message as residents would get it; nothing is stored. */
export function rendered(template: Template, values: TemplateValues, media: readonly DraftMedia[] = []): DraftSummary['message'] {
	const message = renderTemplate(template, values);
	return { header: headerInWords(message, media[0]), body: message.body, footer: message.footer ?? null, buttons: message.buttons };
}

function requireSendable(template: Template, values: TemplateValues): void {
	const unsupported = unsupportedParts(template);
	if (unsupported.length > 0) {
		throw new CivicError('template.parameters', `Template "${template.name}" cannot be sent from here: ${unsupported.join(' ')}`, 'Choose another template.');
	}
	if (isCodeTemplate(template)) {
		throw new CivicError('template.parameters', `Template "${template.name}" is for one-time codes, and everybody would get the same one.`, 'Choose a template of the category utility or marketing.');
	}
	const refusals = checkParameters(template, values);
	if (refusals.length > 0) {
		throw new CivicError(
			'template.parameters',
			`Template "${template.name}": ${refusals.map(({ message }) => message).join(' ')}`,
			'Mend the fields named and draft again. Nothing was stored and nothing was sent.',
		);
	}
}

function warningsAbout(template: Template): string[] {
	const warnings: string[] = [];
	if (template.correctCategory !== undefined && template.correctCategory !== template.category) {
		warnings.push(`Meta intends to move this template from ${template.category} to ${template.correctCategory}. That changes its price, and a signed draft would then be refused.`);
	}
	if (template.category === 'MARKETING') {
		warnings.push('This is a marketing template: only people who consented to marketing may get it, and it costs more.');
	}
	return warnings;
}

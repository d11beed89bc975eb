import type { TemplateContent } from '../whatsapp/templateContent';
import { parseTemplate } from '../whatsapp/template';
import type { DraftVariant } from './draftContent';
import type { RenderedMessage } from './draftSummary';
import type { Draft } from './loadDraft';
import { renderMessage } from './renderMessage';

/** A message as a resident will see it, and the language of its words. */
export interface ShownMessage {
	language: string;
	message: RenderedMessage;
}

/**
 * The message in each language of a draft, in the draft's order. The first was rendered when the draft was made; others are
 * rendered from the template and the values that the signature covers.
 */
export function shownMessages({ content, summary }: Pick<Draft, 'content' | 'summary'>): ShownMessage[] {
	return content.variants.map((variant, place) => ({ language: variant.contentLanguage, message: place === 0 ? summary.message : renderVariant(variant) }));
}

function renderVariant({ templateContent, parameters, media = [] }: DraftVariant): RenderedMessage {
	return renderMessage(asTemplate(templateContent), parameters, media);
}

/** What a digest covers of a template is enough to render it; what it leaves out never reaches a resident. */
function asTemplate(content: TemplateContent) {
	return parseTemplate({ ...content, id: '', status: 'APPROVED' });
}

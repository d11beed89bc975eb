import { html } from 'hono/html';
import type { DraftSummary } from '../../message/draftSummary';
import type { Markup } from '../page';
import type { ReturnedVersion } from '../../approval/viewRequest';
import type { PageView } from './pageView';
import { at, languageName, money, people, span, words } from './words';
import { wordDiff, type Stretch } from './wordDiff';

interface Change {
	what: string;
	stretches: Stretch[];
}

/** What was asked for when the version before came back, and what is different now. */
export function changes(view: PageView): Markup | '' {
	const { returned } = view;
	if (returned === null) return '';
	const found = changesSince(view, returned);
	return html`<h2 class="govuk-heading-m">What changed</h2>
<p class="govuk-body">${words(returned.by)} returned the version before, ${at(view, returned.at)}, and asked for this:</p>
<div class="govuk-inset-text desk-said"><bdi>${returned.change}</bdi></div>
${
		found.length === 0
			? html`<p class="govuk-body"><strong>Nothing of what residents get has changed since.</strong></p>`
			: html`<dl class="govuk-summary-list desk-changed">${found.map(({ what, stretches }) => html`<div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">${words(what)}</dt><dd class="govuk-summary-list__value"><bdi class="desk-said">${stretches.map(shown)}</bdi></dd></div>`)}</dl>`
	}`;
}

/** Screen readers do not tell of `del` and `ins`, so words say it, too. */
function shown({ kind, text }: Stretch): Markup | string {
	if (kind === 'same') return text;
	return kind === 'gone'
		? html`<del><span class="govuk-visually-hidden">[taken out:</span>${text}<span class="govuk-visually-hidden">]</span></del>`
		: html`<ins><span class="govuk-visually-hidden">[put in:</span>${text}<span class="govuk-visually-hidden">]</span></ins>`;
}

/** Part by part, the parts that are as they were left out. */
export function changesSince(view: PageView, returned: ReturnedVersion): Change[] {
	const now = partsOf(view, view);
	const before = partsOf(view, returned);
	const names = [...new Set([...before.keys(), ...now.keys()])];
	return names.flatMap((what) => {
		const [was, is] = [before.get(what), now.get(what)];
		if (was?.text === is?.text) return [];
		return [{ what, stretches: wordDiff(was?.text ?? '', is?.text ?? '', is?.language ?? was?.language) }];
	});
}

interface Part {
	text: string;
	language?: string;
}

function partsOf(view: PageView, { content, summary }: Pick<PageView, 'content' | 'summary'> & { messages?: PageView['messages'] }): Map<string, Part> {
	const parts = new Map<string, Part>();
	const put = (what: string, text: string | null, language?: string) => text !== null && text !== '' && parts.set(what, { text, language });
	put('Title', content.title);
	put('Asked for by', content.service);
	const [first] = content.variants;
	for (const [what, text] of messageParts(summary.message)) put(what, text, first?.contentLanguage);
	put('Languages', content.variants.map(({ contentLanguage }) => languageName(contentLanguage)).join(', '));
	put('Template', content.variants.map(({ template, templateLanguage }) => `${template} (${templateLanguage})`).join(', '));
	put('Who', `${summary.audience.description}: ${people(content.audience.count)}`);
	put('When', span(view, content.notBefore, content.notAfter));
	put('Cost', summary.cost === null ? null : money(summary.cost.amount, summary.cost.currency));
	put('Category', content.category.toLowerCase());
	return parts;
}

function messageParts({ header, body, footer, buttons }: DraftSummary['message']): Array<[string, string | null]> {
	return [
		['Header', header],
		['Message', body],
		['Footer', footer],
		['Buttons', buttons.map(({ text, url, phone }) => [text, url ?? phone].filter((part) => part !== undefined).join(' → ')).join('\n')],
	];
}

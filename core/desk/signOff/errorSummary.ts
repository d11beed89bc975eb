import { html } from 'hono/html';
import type { Markup } from '../page';
import type { FieldId, Refusal } from './pageView';
import { words } from './words';

/** GOV.UK "Error summary": on top, with a link to the field to mend where there is one. */
export function errorSummary({ message, hint, field }: Refusal): Markup {
	return html`<div class="govuk-error-summary"><div role="alert">
<h2 class="govuk-error-summary__title">There is a problem</h2>
<div class="govuk-error-summary__body"><ul class="govuk-list govuk-error-summary__list"><li>${field === undefined ? html`<strong>${words(message)}</strong>` : html`<a href="#${field}">${words(message)}</a>`}</li></ul>
<p>${words(hint)}</p></div>
</div></div>`;
}

/** GOV.UK "Error message": the same words again, at the field. */
export function errorMessage(field: FieldId, refusal: Refusal | undefined): Markup | '' {
	if (refusal?.field !== field) return '';
	return html`<p id="${field}-error" class="govuk-error-message"><span class="govuk-visually-hidden">Error:</span> ${words(refusal.message)}</p>`;
}

export function describedBy(field: FieldId, refusal: Refusal | undefined, hint?: string): Markup | '' {
	const ids = [...(hint === undefined ? [] : [hint]), ...(refusal?.field === field ? [`${field}-error`] : [])];
	return ids.length === 0 ? '' : html` aria-describedby="${ids.join(' ')}"`;
}

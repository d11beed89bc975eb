import { html } from 'hono/html';
import type { DeskResponse } from '../deskResponse';
import { pageResponse, type Markup } from '../page';
import { confirmation, mayConfirm } from '../confirmation';
import { changes } from './changes';
import { decisionForms } from './decisionForms';
import { errorSummary } from './errorSummary';
import { facts, glance, warnings } from './facts';
import { history } from './history';
import { messages } from './message';
import type { PageView, Refusal } from './pageView';
import { isUnderWay, refreshSeconds } from './progress';
import { headline, status } from './status';

export interface SignOffPageOptions {
	/** What was wrong with the decision just sent, shown on top. */
	refusal?: Refusal;
	/** True when the person asked for a page that follows what happens. */
	live?: boolean;
}

/**
 * The page behind an approver's link: the exact message, the three figures that decide and the decision, then everything
 * else; afterwards what happened.
 */
export async function signOffPage(view: PageView, { refusal, live = false }: SignOffPageOptions = {}): Promise<DeskResponse> {
	const follows = live && isUnderWay(view);
	return pageResponse(
		refusal?.status ?? 200,
		`${refusal === undefined ? '' : 'Error: '}${headline(view)} – ${view.content.title}`,
		html`${refusal === undefined ? '' : errorSummary(refusal)}
${status(view, follows)}
${warnings(view)}
${view.mayDecide ? html`${glance(view)}${changes(view)}` : ''}
${messages(view)}
${view.mayDecide ? confirmation(view) : ''}
${view.mayDecide && mayConfirm(view) ? decisionForms(view, refusal) : ''}
${facts(view)}
${history(view)}
${view.mayDecide ? '' : changes(view)}
${fingerprint(view)}`,
		{ channel: view.channel.name, ...(follows ? { refreshSeconds } : {}) },
	);
}

/** Where a line may break, also without style. */
function fingerprint({ digest }: PageView): Markup {
	const parts = digest.match(/.{1,16}/g) ?? [];
	return html`<p class="govuk-hint">Fingerprint of exactly this message, audience and time:<br><code class="desk-code">${parts.map((part) => html`${part}<wbr>`)}</code></p>`;
}

import { html } from 'hono/html';
import { submitDecision, type Decision } from '../../approval/decide';
import { viewRequest } from '../../approval/viewRequest';
import { viewRuleChange } from '../../approval/viewRuleChange';
import { isCivicError, type CivicError } from '../../errors';
import type { Store } from '../../store/store';
import type { DeskRequest, DeskResponse } from '../deskResponse';
import { pageResponse } from '../page';
import type { FieldId, Refusal } from './pageView';
import { ruleChangePage } from '../ruleChangePage';
import { signOffPage, type SignOffPageOptions } from './signOffPage';
import type { Strangers } from '../strangers';

const statusOf: Partial<Record<string, number>> = {
	'approval.decided': 409,
	'approval.barred': 403,
	'approval.turn': 409,
	'approval.code': 422,
	'approval.code-limit': 429,
	'approval.locked': 403,
	'draft.changed': 409,
	'channel.rules': 409,
	'channel.mode': 409,
	'input.invalid': 422,
};

/**
 * Shows a request. Nothing in here can change anything, for any user agent.
 * @param query `live=on` asks for a page that loads itself again while a broadcast is under way
 */
export async function showSignOff(store: Store, strangers: Strangers, token: string, query: DeskRequest['query'] = {}): Promise<DeskResponse> {
	try {
		return await pageOf(store, token, { live: query.live === 'on' });
	} catch (cause) {
		return wrongLink(strangers, cause);
	}
}

/**
 * Takes a decision. The store decides; whoever loses a race is shown what won.
 * @returns the answer, and whether a waiting execution may now be woken
 */
export async function takeDecision(
	store: Store,
	strangers: Strangers,
	token: string,
	request: DeskRequest,
): Promise<{ response: DeskResponse; decided: boolean }> {
	const input = readDecision(token, request.form);
	if (input === undefined) {
		return {
			response: await again(store, strangers, token, { status: 400, message: 'That was not a decision.', hint: 'Use one of the buttons on this page.' }),
			decided: false,
		};
	}
	try {
		const { state } = await submitDecision(store, input);
		// Back to GET, so that loading the page again does not decide again.
		return { response: { status: 303, headers: { location: encodeURIComponent(token), 'cache-control': 'no-store' }, body: '' }, decided: state !== 'pending' };
	} catch (cause) {
		return { response: isCivicError(cause) ? await refusedPage(store, strangers, token, cause, input) : await wrongLink(strangers, cause), decided: false };
	}
}

/** Where the page asks for the words that go with a decision. */
const wordsOf = { approve: 'reason', reject: 'reason', return: 'change' } as const satisfies Record<Decision['decision'], FieldId>;

function fieldOf(code: string, decision: Decision['decision']): FieldId | undefined {
	if (code !== 'input.invalid') return undefined;
	return decision === 'approve' ? 'understood' : wordsOf[decision];
}

function readDecision(token: string, form: DeskRequest['form']): Decision | undefined {
	const { decision, digest } = form;
	if ((decision !== 'approve' && decision !== 'reject' && decision !== 'return') || digest === undefined) return undefined;
	const understood = form.understood === undefined ? null : Number(form.understood);
	const reason = form[wordsOf[decision]] ?? '';
	return { token, decision, digest, reason, acknowledgedPeople: understood, code: form.code ?? '' };
}

/**
 * The page as it is now, with what was wrong on top.
 * @param input the decision that was refused, whose words come back
 */
export function refusedPage(store: Store, strangers: Strangers, token: string, cause: CivicError, input?: Decision): Promise<DeskResponse> {
	const { code, message, hint } = cause;
	if (code === 'approval.link') return wrongLink(strangers, cause);
	const typed = input === undefined ? {} : { field: fieldOf(code, input.decision), typed: { [wordsOf[input.decision]]: input.reason } };
	return again(store, strangers, token, { status: statusOf[code] ?? 503, message, hint, ...typed });
}

async function again(store: Store, strangers: Strangers, token: string, refusal: Refusal): Promise<DeskResponse> {
	try {
		return await pageOf(store, token, { refusal });
	} catch (cause) {
		return wrongLink(strangers, cause);
	}
}

/** Whether a link is to a message or to a change of rules never changes. */
async function pageOf(store: Store, token: string, options: SignOffPageOptions): Promise<DeskResponse> {
	const change = await store.execute(viewRuleChange, { token });
	return change === null ? signOffPage(await store.execute(viewRequest, { token }), options) : ruleChangePage(change, options.refusal);
}

/**
 * The same answer for every link that is not one, so that nothing can be learnt by trying. A store that cannot be read says
 * where it lies: that is for the host's log, not for whoever called.
 */
function wrongLink(strangers: Strangers, cause: unknown): Promise<DeskResponse> {
	if (!isCivicError(cause) || cause.code === 'store.unreachable') throw cause;
	if (cause.code === 'approval.link') strangers.count('link.wrong', null);
	return pageResponse(
		cause.code === 'approval.link' ? 404 : 503,
		'This page cannot be shown',
		html`<h1 class="govuk-heading-l">${cause.message}</h1><p class="govuk-body">${cause.hint}</p>`,
	);
}

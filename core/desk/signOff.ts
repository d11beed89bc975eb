import { html } from 'hono/html';
import { decide, type Decision } from '../approval/decide';
import { viewRequest } from '../approval/viewRequest';
import { viewRuleChange } from '../approval/viewRuleChange';
import { isCivicError } from '../errors';
import type { Store } from '../store/store';
import type { DeskRequest, DeskResponse } from './deskResponse';
import { pageResponse } from './page';
import { ruleChangePage } from './ruleChangePage';
import { signOffPage } from './signOffPage';
import type { Strangers } from './strangers';

const statusOf: Partial<Record<string, number>> = {
	'approval.decided': 409,
	'approval.barred': 403,
	'approval.turn': 409,
	'draft.changed': 409,
	'channel.rules': 409,
	'channel.mode': 409,
	'input.invalid': 422,
};

/** Shows a request. Nothing in here can change anything, for any user agent. */
export async function showSignOff(store: Store, strangers: Strangers, token: string): Promise<DeskResponse> {
	try {
		return await pageOf(store, token);
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
			response: await again(store, strangers, token, { status: 400, message: 'That was not a decision.', hint: 'Use one of the two buttons on this page.' }),
			decided: false,
		};
	}
	try {
		const { state } = await store.execute(decide, input);
		// Back to GET, so that loading the page again does not decide again.
		return { response: { status: 303, headers: { location: encodeURIComponent(token), 'cache-control': 'no-store' }, body: '' }, decided: state !== 'pending' };
	} catch (cause) {
		if (!isCivicError(cause) || cause.code === 'approval.link') return { response: await wrongLink(strangers, cause), decided: false };
		const refusal = { status: statusOf[cause.code] ?? 503, message: cause.message, hint: cause.hint };
		return { response: await again(store, strangers, token, refusal), decided: false };
	}
}

function readDecision(token: string, form: DeskRequest['form']): Decision | undefined {
	const { decision, digest } = form;
	if ((decision !== 'approve' && decision !== 'reject' && decision !== 'return') || digest === undefined) return undefined;
	const understood = form.understood === undefined ? null : Number(form.understood);
	return { token, decision, digest, reason: form.reason ?? '', acknowledgedPeople: understood };
}

async function again(store: Store, strangers: Strangers, token: string, refusal: { status: number; message: string; hint: string }): Promise<DeskResponse> {
	try {
		return await pageOf(store, token, refusal);
	} catch (cause) {
		return wrongLink(strangers, cause);
	}
}

/** Whether a link is to a message or to a change of rules never changes. */
async function pageOf(store: Store, token: string, refusal?: { status: number; message: string; hint: string }): Promise<DeskResponse> {
	const change = await store.execute(viewRuleChange, { token });
	return change === null ? signOffPage(await store.execute(viewRequest, { token }), refusal) : ruleChangePage(change, refusal);
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
		html`<div class="panel bad" role="alert"><h1>${cause.message}</h1><p>${cause.hint}</p></div>`,
	);
}

import { html } from 'hono/html';
import { submitDecision, type Decision } from '../approval/decide';
import { viewRequest } from '../approval/viewRequest';
import { isCivicError, type CivicError } from '../errors';
import type { Store } from '../store/store';
import type { DeskRequest, DeskResponse } from './deskResponse';
import { pageResponse } from './page';
import { signOffPage } from './signOffPage';
import type { Strangers } from './strangers';

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

/** Shows a request. Nothing in here can change anything, for any user agent. */
export async function showSignOff(store: Store, strangers: Strangers, token: string): Promise<DeskResponse> {
	try {
		return await signOffPage(await store.execute(viewRequest, { token }));
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
		const { state } = await submitDecision(store, input);
		// Back to GET, so that loading the page again does not decide again.
		return { response: { status: 303, headers: { location: encodeURIComponent(token), 'cache-control': 'no-store' }, body: '' }, decided: state !== 'pending' };
	} catch (cause) {
		return { response: isCivicError(cause) ? await refusedPage(store, strangers, token, cause) : await wrongLink(strangers, cause), decided: false };
	}
}

function readDecision(token: string, form: DeskRequest['form']): Decision | undefined {
	const { decision, digest } = form;
	if ((decision !== 'approve' && decision !== 'reject' && decision !== 'return') || digest === undefined) return undefined;
	const understood = form.understood === undefined ? null : Number(form.understood);
	return { token, decision, digest, reason: form.reason ?? '', acknowledgedPeople: understood, code: form.code ?? '' };
}

/** The page as it is now, with what was wrong on top. */
export function refusedPage(store: Store, strangers: Strangers, token: string, { code, message, hint }: CivicError): Promise<DeskResponse> {
	return again(store, strangers, token, { status: statusOf[code] ?? 503, message, hint });
}

async function again(store: Store, strangers: Strangers, token: string, refusal: { status: number; message: string; hint: string }): Promise<DeskResponse> {
	try {
		return await signOffPage(await store.execute(viewRequest, { token }), refusal);
	} catch (cause) {
		return wrongLink(strangers, cause);
	}
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

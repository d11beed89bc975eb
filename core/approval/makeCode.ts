import { CivicError } from '../errors';
import { defineCommand } from '../store/command';
import type { Row } from '../store/schema';
import { changeCode, codeLifeMs, codeLookup, codeMac, drawCode, loadCodes, needsCode, newestOf, requireUnlocked } from './code';
import { requireOpen, requireTurn } from './decide';
import { openLink } from './link';
import { loadRequest } from './request';

const hourMs = 3600_000;
/** Codes of one person in any hour that were sent and not used. */
const unusedPerHour = 3;
/** Codes of one person in any hour, whatever became of them. */
const madePerHour = 10;
/** Whoever presses twice gets one code. */
const oneAtATimeMs = 30_000;

/** A code on its way to its person. It exists here and on their phone; the store keeps a keyed hash. */
export interface MadeCode {
	id: string;
	code: string;
	requestId: string;
	channelId: string;
	/** E.164, as in the rules when sign-off was requested. */
	phone: string;
}

/**
 * Makes the code that confirms who decides. It takes the place of an earlier one for the same link.
 * @returns null when one was made in the last half minute, which is on its way
 * @throws CivicError approval.link, approval.decided, approval.turn, approval.barred, approval.code-limit, approval.locked
 */
export const makeCode = defineCommand('approval.make-code', async (context, { token }: { token: string }): Promise<MadeCode | null> => {
	const link = await openLink(context, token);
	const request = await loadRequest(context, link.requestId);
	await requireOpen(context, request, link);
	await requireTurn(context, request, link);
	if (!needsCode(request, link)) throw new CivicError('approval.code', 'Your link needs no code.', 'Decide with the buttons on this page.');
	const ofRequest = await loadCodes(context, link.approverLookup, { requestId: request.id });
	requireUnlocked(ofRequest);
	const newest = newestOf(ofRequest, link);
	if (newest !== undefined && newest.used_at === null && context.now - newest.created_at < oneAtATimeMs) return null;
	requireRoom(await loadCodes(context, link.approverLookup, { since: context.now - hourMs }), context.now);
	const code = drawCode(context.random);
	const bound = { id: context.random.uuid(), request_id: request.id, token_hash: link.tokenHash };
	const row = {
		...bound,
		approver_lookup: link.approverLookup,
		code_lookup: codeLookup(context, bound, code),
		created_at: context.now,
		expires_at: context.now + codeLifeMs,
		wrong_tries: 0,
		used_at: null,
		not_sent_at: null,
	};
	await context.db.insertInto('approval_code').values({ ...row, mac: codeMac(context, row) }).execute();
	return { id: row.id, code, requestId: request.id, channelId: request.channelId, phone: link.approver.phone };
});

function requireRoom(inHour: ReadonlyArray<Row<'approval_code'>>, now: number): void {
	const unused = inHour.filter(({ used_at, not_sent_at }) => used_at === null && not_sent_at === null);
	const full = unused.length >= unusedPerHour ? unused : inHour.length >= madePerHour ? inHour : undefined;
	if (full === undefined) return;
	const minutes = Math.ceil(((full.at(-1)?.created_at ?? now) + hourMs - now) / 60_000);
	throw new CivicError(
		'approval.code-limit',
		`${full.length} codes were made for you within an hour, so the next one has to wait.`,
		`Enter the newest one while it lasts, or ask again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}. Tell the service if it was not you who asked.`,
	);
}

/** Enters in the ledger what became of the code: WhatsApp took it, did not, or gave no clear answer. */
export const recordCode = defineCommand('approval.record-code', async (context, input: { id: string; token: string; outcome: 'accepted' | 'not-sent' | 'uncertain' }): Promise<void> => {
	const link = await openLink(context, input.token);
	const codes = await loadCodes(context, link.approverLookup, { requestId: link.requestId });
	const row = codes.find(({ id }) => id === input.id);
	if (row === undefined) throw new CivicError('approval.code', 'There is no such code.', 'Ask for a new one.');
	if (input.outcome === 'not-sent') await changeCode(context, row, { not_sent_at: context.now });
	const { channelId } = await loadRequest(context, link.requestId);
	context.append({
		act: 'approval.code-sent',
		actor: { role: 'approver' },
		outcome: input.outcome === 'accepted' ? 'ok' : input.outcome === 'not-sent' ? 'refused' : 'held',
		channel: channelId,
		resource: { type: 'request', id: link.requestId },
		refs: { link: link.kind },
		disclose: { approver: { name: link.approver.name, email: link.approver.email } },
	});
});

import { CivicError, type ErrorCode } from '../errors';
import type { CommandContext } from '../store/command';
import type { Row } from '../store/schema';
import type { Random } from '../world';
import type { OpenedLink } from './link';
import type { ApprovalRequest } from './request';

/** A code is good for as long as its message says. */
export const codeLifeMs = 10 * 60_000;
export const triesPerCode = 5;
/** Wrong tries of one person on one request, over all codes. Then it is for others to decide. */
export const triesPerRequest = 10;

/** A refusal that comes back as an answer, because a thrown one would take the count and its ledger entry with it. */
export interface Refusal {
	code: ErrorCode;
	message: string;
	hint: string;
}

/** What the page of somebody who has to confirm by code shows. */
export interface Confirmation {
	/** When the code that counts now was made, and when it runs out, ms; null when none is waiting. */
	sentAt: number | null;
	expiresAt: number | null;
	/** Too many wrong codes were entered: this person decides nothing more on the request. */
	locked: boolean;
}

/** A locator passed through other hands, so it never decides alone; a private link does unless the rules ask for more. */
export function needsCode(request: ApprovalRequest, link: OpenedLink): boolean {
	return request.plan.confirmByCode || link.kind === 'locator';
}

/** Six digits, each row of them as likely as any other: draws beyond the largest whole multiple of a million are thrown away. */
export function drawCode(random: Random): string {
	const sixDigits = 1_000_000;
	const fair = 0x1_0000_0000 - (0x1_0000_0000 % sixDigits);
	let drawn: number;
	do drawn = random.bytes(4).readUInt32BE(); while (drawn >= fair);
	return String(drawn % sixDigits).padStart(6, '0');
}

/** Bound to the request and the one link it was asked for on, and to nothing that could be looked up without the store's keys. */
export function codeLookup({ keys }: CommandContext, row: Pick<Row<'approval_code'>, 'id' | 'request_id' | 'token_hash'>, code: string): string {
	return keys.lookup('code', [row.request_id, row.token_hash, row.id, code].join('/'));
}

export function codeMac({ keys }: CommandContext, row: Omit<Row<'approval_code'>, 'mac'>): string {
	return keys.mac('approval-code', macParts(row));
}

function macParts(row: Omit<Row<'approval_code'>, 'mac'>): Array<string | number | null> {
	return [row.id, row.request_id, row.token_hash, row.approver_lookup, row.code_lookup, row.created_at, row.expires_at, row.wrong_tries, row.used_at, row.not_sent_at];
}

/** Newest first, their seals checked. @throws CivicError store.tampered */
export async function loadCodes(context: CommandContext, approverLookup: string, which: { requestId: string } | { since: number }): Promise<Array<Row<'approval_code'>>> {
	const ofPerson = context.db.selectFrom('approval_code').selectAll().where('approver_lookup', '=', approverLookup).orderBy('created_at', 'desc').orderBy('id');
	const rows = await ('requestId' in which ? ofPerson.where('request_id', '=', which.requestId) : ofPerson.where('created_at', '>', which.since)).execute();
	for (const row of rows) context.keys.checkMac('approval-code', macParts(row), row.mac, 'confirmation code');
	return rows;
}

export async function changeCode(context: CommandContext, row: Row<'approval_code'>, change: Partial<Pick<Row<'approval_code'>, 'wrong_tries' | 'used_at' | 'not_sent_at'>>): Promise<void> {
	const changed = { ...row, ...change };
	await context.db.updateTable('approval_code').set({ ...change, mac: codeMac(context, changed) }).where('id', '=', row.id).execute();
}

/** @throws CivicError approval.locked */
export function requireUnlocked(codes: ReadonlyArray<Row<'approval_code'>>): void {
	if (wrongTries(codes) >= triesPerRequest) throw new CivicError('approval.locked', ...lockedWords);
}

const lockedWords = [
	'Too many wrong codes were entered, so your link no longer decides on this message.',
	'Another approver can decide, or the service can request sign-off again. Tell them if it was not you who entered the codes.',
] as const;

function wrongTries(codes: ReadonlyArray<Row<'approval_code'>>): number {
	return codes.reduce((sum, { wrong_tries }) => sum + wrong_tries, 0);
}

export async function readConfirmation(context: CommandContext, request: ApprovalRequest, link: OpenedLink): Promise<Confirmation | null> {
	if (!needsCode(request, link)) return null;
	const codes = await loadCodes(context, link.approverLookup, { requestId: request.id });
	const newest = newestOf(codes, link);
	const waiting = newest !== undefined && newest.used_at === null && newest.wrong_tries < triesPerCode && context.now < newest.expires_at;
	return { sentAt: waiting ? newest.created_at : null, expiresAt: waiting ? newest.expires_at : null, locked: wrongTries(codes) >= triesPerRequest };
}

/** Of a link's codes only the newest counts. */
export function newestOf(codes: ReadonlyArray<Row<'approval_code'>>, link: OpenedLink): Row<'approval_code'> | undefined {
	return codes.find((row) => row.token_hash === link.tokenHash && row.not_sent_at === null);
}

/**
 * Takes the code that goes with a decision, and uses it up. A wrong one is counted and entered in the ledger.
 * @returns the refusal of a wrong code; undefined when it is the right one
 * @throws CivicError approval.code, approval.locked, store.tampered where no try was made that has to be counted
 */
export async function takeCode(context: CommandContext, request: ApprovalRequest, link: OpenedLink, given: string): Promise<Refusal | undefined> {
	const codes = await loadCodes(context, link.approverLookup, { requestId: request.id });
	requireUnlocked(codes);
	const code = plainDigits(given);
	const newest = newestOf(codes, link);
	if (newest === undefined || newest.used_at !== null) throw refusal('There is no code yet that would confirm this decision.', 'Press "Send me a code", then enter it with your decision.');
	if (newest.wrong_tries >= triesPerCode) throw usedUp();
	const expired = context.now >= newest.expires_at;
	if (!expired && codeLookup(context, newest, code) === newest.code_lookup) {
		await changeCode(context, newest, { used_at: context.now });
		return undefined;
	}
	await changeCode(context, newest, { wrong_tries: newest.wrong_tries + 1 });
	const tries = wrongTries(codes) + 1;
	context.append({
		act: 'approval.code-wrong',
		actor: { role: 'approver' },
		outcome: 'refused',
		channel: request.channelId,
		resource: { type: 'request', id: request.id },
		refs: { why: expired ? 'expired' : 'wrong', link: link.kind },
		counts: { wrongTries: tries },
		disclose: { approver: { name: link.approver.name, email: link.approver.email } },
	});
	if (tries >= triesPerRequest) return asAnswer(new CivicError('approval.locked', ...lockedWords));
	if (expired) return asAnswer(refusal('The code has expired: it lasts ten minutes.', 'Nothing was decided. Press "Send me a new code", then enter that one.'));
	const left = triesPerCode - newest.wrong_tries - 1;
	return asAnswer(left === 0 ? usedUp() : refusal('That is not the code we sent you last.', `Nothing was decided. Look in WhatsApp for the newest one; you have ${left} more ${left === 1 ? 'try' : 'tries'} with it.`));
}

/** People copy spaces along, and some keyboards write wide digits. @throws CivicError approval.code for anything but six digits */
function plainDigits(given: string): string {
	const digits = given.normalize('NFKC').replace(/[\s\p{Cf}-]/gu, '');
	if (digits === '') throw refusal('Enter the code that we sent you.', 'Press "Send me a code" if you have none. It comes by WhatsApp.');
	if (!/^[0-9]{6}$/.test(digits)) throw refusal('The code has six digits.', 'Enter all six of them, and nothing else.');
	return digits;
}

function usedUp(): CivicError {
	return refusal('That code was tried too often and is used up.', 'Nothing was decided. Press "Send me a new code", then enter that one.');
}

function refusal(message: string, hint: string): CivicError {
	return new CivicError('approval.code', message, hint);
}

function asAnswer({ code, message, hint }: CivicError): Refusal {
	return { code, message, hint };
}

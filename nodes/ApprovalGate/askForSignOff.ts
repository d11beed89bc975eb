import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { withdrawUnsent } from '../../core/approval/expire';
import { notifyApprovers, readSignOffTemplate, requireDeskButton, type Notified } from '../../core/approval/notifyApprovers';
import { readSignedOutcome } from '../../core/approval/outcome';
import { requestSignOff } from '../../core/approval/requestSignOff';
import { readDesk } from '../../core/channel/deskAddress';
import { CivicError } from '../../core/errors';
import type { Template } from '../../core/whatsapp/template';
import { openChannel, type OpenedChannel } from '../shared/openChannel';
import { refusedItem } from '../shared/refusedItem';
import { textList } from '../shared/textList';
import { toNodeError } from '../shared/toNodeError';
import { decided, emptyLanes, lanesOf } from './lanes';

/** n8n's own timer is a backstop only: the desk closes overdue requests and wakes the execution on its lanes. */
const backstopMs = 24 * 3600_000;

/**
 * Asks the approvers, one request a draft, and puts the execution to sleep until the desk wakes it, when the last request
 * is decided. A draft that is signed already is not asked for again; if nothing is left to wait for, the flow goes on at
 * once, and a second run joins the broadcast of the first.
 */
export async function askForSignOff(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	if (items.length === 0) return emptyLanes();
	const opened = await openChannel(context);
	const template = await readSignOffTemplate(opened.api, opened.channel.rules);
	refuseDoubles(context, items.length);
	const asked: Array<{ requestId: string; expiresAt: number }> = [];
	for (const [position, item] of items.entries()) {
		try {
			const { requestId, expiresAt } = await askFor(context, opened, template, position);
			if (expiresAt !== null) asked.push({ requestId, expiresAt });
			// Should n8n wake by its own timer, output 0 hands on these items as they are now: so they must already say that nobody decided.
			const expired: IDataObject = { requestId, state: 'expired', by: '', at: null, reason: '' };
			item.json = { ...item.json, approval: expired };
		} catch (thrown) {
			const refusal = toNodeError(context.getNode(), thrown, position);
			if (!context.continueOnFail()) {
				// The execution ends here, so nobody would wait for what was asked before.
				for (const { requestId } of asked) await opened.store.execute(withdrawUnsent, { requestId });
				throw refusal;
			}
			// Were it thrown, n8n would pass the input on by output 0 as if nothing had happened.
			item.json = refusedItem(refusal, position).json;
		}
	}
	if (asked.length === 0) return lanesOf(opened.store, items.map(({ json }) => json)).then(decided);
	await context.putExecutionToWait(new Date(Math.max(...asked.map(({ expiresAt }) => expiresAt)) + backstopMs));
	return emptyLanes();
}

function draftIdAt(context: IExecuteFunctions, position: number): string {
	return String(context.getNodeParameter('draftId', position, '') ?? '').trim();
}

/** One draft in two items would have its first request replaced by its second. */
function refuseDoubles(context: IExecuteFunctions, count: number): void {
	const ids = Array.from({ length: count }, (_, position) => draftIdAt(context, position));
	const double = ids.findIndex((id, position) => id !== '' && ids.indexOf(id) !== position);
	if (double === -1) return;
	throw new CivicError('input.invalid', `Items ${ids.indexOf(ids[double] ?? '') + 1} and ${double + 1} are the same draft.`, 'Let one item for each draft reach the gate: a Remove Duplicates node before it does that.');
}

/** @returns the request, and when it ends by itself: null for a draft that is signed already */
async function askFor(context: IExecuteFunctions, { store, channel, api }: OpenedChannel, template: Template, position: number): Promise<{ requestId: string; expiresAt: number | null }> {
	const draftId = draftIdAt(context, position);
	const signed = await store.execute(readSignedOutcome, { draftId });
	if (signed !== null) return { requestId: signed.requestId, expiresAt: null };
	const desk = await store.execute(readDesk, undefined);
	if (desk?.active === true) requireDeskButton(template, desk.pageAddress);
	const options = context.getNodeParameter('options', position, {}) as { ask?: unknown; decideWithinHours?: number; signatures?: number };
	const request = await store.execute(requestSignOff, {
		draftId,
		channelId: channel.id,
		ask: textList(options.ask),
		decideWithinHours: options.decideWithinHours ?? null,
		signatures: options.signatures ?? null,
		executionId: context.getExecutionId(),
		resumeUrl: context.getSignedResumeUrl(),
	});
	const close = () => store.execute(withdrawUnsent, { requestId: request.requestId });
	const { reached, missed } = await notifyApprovers({ store, api }, channel, template, request).catch(async (thrown: unknown) => {
		await close();
		throw thrown;
	});
	const needed = request.signaturesNeeded;
	if (reached.length === 0 || reached.length + missed.filter(({ mayHaveIt }) => mayHaveIt).length < needed) {
		await close();
		throw tooFewReached(needed, reached, missed);
	}
	if (missed.length > 0) {
		context.addExecutionHints({ message: `WhatsApp did not take the sign-off link for ${missed.map(({ name }) => name).join(', ')}.`, location: 'outputPane' });
	}
	return { requestId: request.requestId, expiresAt: request.expiresAt };
}

function tooFewReached(needed: number, reached: string[], missed: Notified['missed']): CivicError {
	const those = missed.map(({ name, why }) => `${name} (${why})`).join('; ');
	return new CivicError(
		'approval.no-approvers',
		reached.length === 0
			? `The sign-off link reached nobody: ${those}`
			: `${needed} sign-offs are needed, but the link reached only ${reached.join(', ')}. It did not reach ${those}`,
		'Mend what is named and run the gate again. The request was closed; nothing was sent to residents.',
	);
}

import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { withdrawUnsent } from '../../core/approval/expire';
import { notifyApprovers, readSignOffTemplate, requireDeskButton, type Notified } from '../../core/approval/notifyApprovers';
import { readSignedOutcome } from '../../core/approval/outcome';
import { requestSignOff } from '../../core/approval/requestSignOff';
import { readDesk } from '../../core/channel/deskAddress';
import { CivicError } from '../../core/errors';
import { openChannel } from '../shared/openChannel';
import { textList } from '../shared/textList';
import { isDecided, onItsLane } from './lanes';

/** n8n's own timer is a backstop only: the desk closes overdue requests and wakes the execution on its lane. */
const backstopMs = 24 * 3600_000;

/**
 * Asks the approvers and puts the execution to sleep until the desk wakes it. A draft that is signed already goes on at
 * once: nobody is asked twice, and a second run joins the broadcast of the first.
 */
export async function askForSignOff(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	const [item] = items;
	if (item === undefined) return [[], [], []];
	requireOneDraft(items.length);
	const { store, channel, api } = await openChannel(context);
	const draftId = String(context.getNodeParameter('draftId', 0, '') ?? '').trim();
	const signed = await store.execute(readSignedOutcome, { draftId });
	if (signed !== null && isDecided(signed)) return onItsLane(item.json, signed);
	const template = await readSignOffTemplate(api, channel.rules);
	const desk = await store.execute(readDesk, undefined);
	if (desk?.active === true) requireDeskButton(template, desk.pageAddress);
	const options = context.getNodeParameter('options', 0, {}) as { ask?: unknown; decideWithinHours?: number };
	const request = await store.execute(requestSignOff, {
		draftId,
		channelId: channel.id,
		ask: textList(options.ask),
		decideWithinHours: options.decideWithinHours ?? null,
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
	// Should n8n wake by its own timer, output 0 hands on these items as they are now: so they must already say that nobody decided.
	const expired: IDataObject = { requestId: request.requestId, state: 'expired', by: '', at: null, reason: '' };
	item.json = { ...item.json, approval: expired };
	await context.putExecutionToWait(new Date(request.expiresAt + backstopMs));
	return [[], [], []];
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

/** One execution waits once: the first answer would wake it and the others would be lost. */
function requireOneDraft(count: number): void {
	if (count === 1) return;
	throw new CivicError(
		'input.invalid',
		`${count} items reached the gate at once; it takes one draft at a time.`,
		'Put a Loop Over Items node with batch size 1 before it, or run the flow once for each draft.',
	);
}

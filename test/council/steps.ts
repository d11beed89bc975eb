import { notifyApprovers, readSignOffTemplate, requireDeskButton } from '../../core/approval/notifyApprovers';
import { requestSignOff, type RequestedSignOff } from '../../core/approval/requestSignOff';
import { Pace } from '../../core/dispatch/pace';
import type { BroadcastReport } from '../../core/dispatch/report';
import { sendBroadcast, type SendSettings } from '../../core/dispatch/sendBroadcast';
import type { CreatedDraft } from '../../core/message/createDraft';
import { draftBroadcast, type BroadcastWish } from '../../core/message/draftBroadcast';
import { systemClock } from '../../core/world';
import type { Council } from './council';
import { rulesFingerprint } from './tables';

export function grittingWish(council: Pick<Council, 'settings'>, changes: Partial<BroadcastWish> = {}): BroadcastWish {
	return {
		channelId: council.settings.id,
		service: 'Highways',
		title: 'Gritting tonight',
		template: { name: 'gritting_notice', language: 'en_GB' },
		parameters: { body_routes: 'Route 1 and Route 2', body_time: '18:00', body_note: 'Take care.' },
		contentLanguage: 'en',
		audience: { topic: 'Winter roads', areas: ['Route 1', 'Route 2'] },
		notBefore: null,
		notAfter: null,
		feed: null,
		requester: { name: 'Sam Okafor', email: 'sam.okafor@aldersea.example', phone: null },
		contributors: [],
		...changes,
	};
}

export function draftGritting(council: Council, changes: Partial<BroadcastWish> = {}): Promise<CreatedDraft> {
	return draftBroadcast(council, grittingWish(council, changes));
}

/** Asks for sign-off and brings the links to the approvers' phones, as the gate does. */
export async function askFor(council: Council, draftId: string, ask: string[] = []): Promise<RequestedSignOff> {
	const template = await readSignOffTemplate(council.api, council.settings.rules);
	requireDeskButton(template, `${council.deskUrl}/desk/`);
	const request = await council.store.execute(requestSignOff, {
		draftId,
		channelId: council.settings.id,
		ask,
		decideWithinHours: null,
		executionId: '1',
		resumeUrl: 'http://127.0.0.1:1/webhook-waiting/1/gate?signature=0',
	});
	const { missed } = await notifyApprovers(council, council.settings, template, request);
	if (missed.length > 0) throw new Error(JSON.stringify(missed));
	// A message is on the phone once it is delivered.
	await council.sandbox.idle();
	return request;
}

/** The links on an approver's phone, newest last. */
export function linksOn(council: Pick<Council, 'sandbox'>, phone: string): string[] {
	const messages = council.sandbox.residents.find(phone.replace('+', ''))?.thread ?? [];
	return messages.flatMap(({ content }) => content.buttons.flatMap((button) => (button.kind === 'url' ? [button.url] : [])));
}

/** Signs as a person does: opens the page, reads the form, ticks, posts. */
export async function decideOn(link: string, decision: 'approve' | 'reject' | 'return', reason = ''): Promise<Response> {
	const page = await (await fetch(link)).text();
	const digest = /name="digest" value="([0-9a-f]{64})"/.exec(page)?.[1] ?? '';
	const understood = /name="understood" value="(\d+)"/.exec(page)?.[1] ?? '';
	const form = new URLSearchParams({ decision, digest, reason, ...(decision === 'approve' ? { understood } : {}) });
	return fetch(link, { method: 'POST', body: form, redirect: 'manual' });
}

export async function send(council: Council, draftId: string, changes: Partial<SendSettings> = {}): Promise<BroadcastReport> {
	return sendBroadcast(
		{
			store: council.store,
			api: council.api,
			channelId: council.settings.id,
			rulesFingerprint: changes.rulesFingerprint ?? (await rulesFingerprint(council.store, council.settings.id)),
			// Time stands still in a council, so requests are not spaced unless a test asks for it.
			paceFor: (_, perSecond) => new Pace(perSecond * 1000, systemClock),
			sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 5))),
			isCancelled: () => false,
			...changes,
		},
		draftId,
	);
}

import { Pace } from '../../core/dispatch/pace';
import type { BroadcastReport } from '../../core/dispatch/report';
import type { SendSettings } from '../../core/dispatch/sendBroadcast';
import type { CloudApi } from '../../core/whatsapp/cloudApi';
import { HandClock } from './clock';
import { send } from './steps';
import { post, type Council } from './council';

/** Waits take no time, but the clocks go on by them. */
export function sendInStep(council: Council, draftId: string, { perSecond = 80, ...changes }: Partial<SendSettings> & { perSecond?: number } = {}): Promise<BroadcastReport> {
	const wall = new HandClock();
	const pace = new Pace(perSecond, wall);
	return send(council, draftId, {
		paceFor: () => pace,
		sleep: async (ms) => {
			await new Promise((resolve) => setTimeout(resolve, 1));
			wall.advance(Math.ceil(ms));
			council.clock.advance(Math.ceil(ms));
		},
		...changes,
	});
}

/** An API that lets something happen in the world just before the nth message leaves. */
export function before(council: Council, nth: number, happen: () => Promise<unknown>): CloudApi {
	let sent = 0;
	return {
		...council.api,
		sendTemplate: async (message, options) => {
			sent += 1;
			if (sent === nth) await happen();
			return council.api.sendTemplate(message, options);
		},
	};
}

export function fault(council: Council, script: Record<string, unknown>): Promise<unknown> {
	return post(`${council.sandbox.admin}/faults`, script);
}

/** How many messages of a broadcast WhatsApp took, by recipient. Sign-off links are left out. */
export function acceptedBy(council: Council): Map<string, number> {
	const taken = new Map<string, number>();
	const approvers = new Set(council.settings.rules.approvers.map(({ phone }) => phone.replace('+', '')));
	for (const { to, count } of council.sandbox.accepted.entries()) if (!approvers.has(to)) taken.set(to, (taken.get(to) ?? 0) + count);
	return taken;
}

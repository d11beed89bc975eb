import { ok, problem, unknown, warning, type Check } from './finding';

/** Messages a second, inbound and outbound together (Meta: "Throughput"). */
const perSecond: Record<string, number> = { STANDARD: 80, HIGH: 1000 };

export const throughput: Check = {
	name: 'throughput',
	run: async ({ meta, settings }) => {
		const { throughput: level } = await meta.number();
		const most = perSecond[level ?? ''];
		const wanted = settings.rules.messagesPerSecond;
		const data = { level: level ?? null, perSecond: most ?? null, rule: wanted };
		if (level === 'NOT_APPLICABLE') return problem('The number has no throughput at the Cloud API.', 'Register the number with the Cloud API in WhatsApp Manager.', data);
		if (most === undefined) return unknown('Meta does not tell how many messages a second the number takes.', 'Keep ‘Messages per Second’ of the channel at 80 or below.', data);
		if (wanted > most) return warning(`The channel is set to ${wanted} messages a second, and the number takes ${most}.`, 'Lower ‘Messages per Second’ in the credential "Civic WhatsApp API".', data);
		return ok(`The number takes ${most} messages a second; the channel uses up to ${wanted}.`, data);
	},
};

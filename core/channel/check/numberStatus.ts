import { ok, problem, unknown, warning, type Check } from './finding';

/** Meta: "Phone numbers", field `status`: what each word means for sending. */
const meanings: Record<string, string> = {
	PENDING: 'is not set up completely yet',
	FLAGGED: 'is flagged: its quality has been low for days, and its limit will fall if it stays so',
	RATE_LIMITED: 'has used up its limit for now',
	RESTRICTED: 'is restricted by Meta and cannot start conversations',
	BANNED: 'is banned by Meta',
	DISCONNECTED: 'is not registered with the Cloud API, so nothing can be sent',
	DELETED: 'was deleted',
	MIGRATED: 'was moved to another account',
	UNVERIFIED: 'is not verified yet',
};

const passing = ['FLAGGED', 'RATE_LIMITED', 'PENDING'];

export const numberStatus: Check = {
	name: 'number-status',
	run: async ({ meta }) => {
		const { status, accountMode } = await meta.number();
		const data = { status: status ?? null, accountMode: accountMode ?? null };
		if (status === undefined) return unknown('Meta does not tell the status of the number.', 'Look at the number in WhatsApp Manager.', data);
		if (status !== 'CONNECTED') {
			const words = `The number ${meanings[status] ?? `is ${status.toLowerCase()} at Meta`}.`;
			return (passing.includes(status) ? warning : problem)(words, 'Open the number in WhatsApp Manager, read the notice of Meta there and follow it.', data);
		}
		if (accountMode === 'SANDBOX') return warning('The number is connected, but it is a test number of Meta’s, which reaches five people only.', 'Add the council’s own number in WhatsApp Manager.', data);
		return ok('The number is connected.', data);
	},
};

import { ok, problem, unknown, warning, type Check } from './finding';

/** Sending stops beyond this difference. */
const most = 5 * 60_000;
/** Meta's date has whole seconds, and the answer takes its time. */
const noticeable = 30_000;

export const clockSkew: Check = {
	name: 'clock',
	run: async ({ meta }) => {
		const ahead = await meta.clockAhead();
		if (ahead === undefined) return unknown('Meta’s answer carried no date, so the clock could not be compared.', 'Check that this machine keeps time by a time service.');
		const data = { secondsAhead: Math.round(ahead / 1000) };
		const seconds = Math.round(Math.abs(ahead) / 1000);
		const words = `The clock of this machine is ${seconds} seconds ${ahead > 0 ? 'ahead of' : 'behind'} Meta’s.`;
		const goOn = 'Set up a time service on the machine that runs n8n.';
		if (Math.abs(ahead) > most) return problem(`${words} Nothing is sent while it is off by more than five minutes.`, goOn, data);
		if (Math.abs(ahead) > noticeable) return warning(words, goOn, data);
		return ok('The clock of this machine agrees with Meta’s.', data);
	},
};

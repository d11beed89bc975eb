import { ok, problem, warning, type Check } from './finding';

/** Whether messages on this channel reach residents at all. */
export const mode: Check = {
	name: 'mode',
	run: async ({ settings, store }) => {
		const { adoptedAt } = await store();
		const data = { mode: settings.mode, adopted: adoptedAt !== null };
		if (settings.mode === 'training') return warning('The channel is in training mode: messages reach the approvers only.', 'Set ‘Mode’ of the credential to Live when everything works.', data);
		if (adoptedAt === null) return problem('The channel is live, but this store has not been adopted for it, so nothing is sent.', 'Run the adopt program on the machine that runs n8n; docs/set-up.md says how.', data);
		return ok('The channel is live, and this store is adopted for it.', data);
	},
};

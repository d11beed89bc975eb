import { ok, problem, warning, type Check } from './finding';

/** Where the code of Code nodes runs. `internal` is n8n's default. */
export const taskRunners: Check = {
	name: 'task-runners',
	run: ({ host }) => {
		const { N8N_RUNNERS_MODE: mode = 'internal', N8N_RUNNERS_INSECURE_MODE: insecure } = host.env;
		const data = { mode, insecure: insecure === 'true' };
		if (insecure === 'true') return problem('The runner for code in flows works without its protections.', 'Take N8N_RUNNERS_INSECURE_MODE out of the environment of n8n.', data);
		if (mode === 'external') return ok('Code in flows runs in a runner of its own, apart from n8n.', data);
		return warning('Code in flows runs in a process of n8n’s own user on this machine. Whoever breaks out of its sandbox can read the store and its keys.', 'For a live channel, set N8N_RUNNERS_MODE to external and run the task runner under another user or in a container.', data);
	},
};

import { ok, problem, type Check } from './finding';

/** Whether flows can read n8n's environment, where its encryption key may stand. */
export const environmentAccess: Check = {
	name: 'environment-access',
	run: ({ host }) => {
		const open = host.env.N8N_BLOCK_ENV_ACCESS_IN_NODE === 'false';
		const data = { open };
		return open
			? problem('Flows can read the environment of n8n, and with it the key that protects every credential, if it stands there.', 'Take N8N_BLOCK_ENV_ACCESS_IN_NODE=false out of the environment of n8n.', data)
			: ok('Flows cannot read the environment of n8n.', data);
	},
};

import { ok, problem, unknown, type Check } from './finding';

const offered = { 'n8n-nodes-base.executeCommand': 'Execute Command', 'n8n-nodes-base.localFileTrigger': 'Local File Trigger' } as const;
const goOn = 'Take NODES_EXCLUDE out of the environment of n8n, or list n8n-nodes-base.executeCommand and n8n-nodes-base.localFileTrigger in it: setting it replaces n8n’s own list.';

/** A flow that can run a command as n8n's user can read the store, its keys and every credential. */
export const executeCommand: Check = {
	name: 'execute-command',
	run: ({ host }) => {
		if (host.nodeTypes === null) return unknown('This n8n does not tell which nodes it offers, so it is not known whether flows can run commands.', goOn);
		const open = Object.entries(offered).filter(([type]) => host.nodeTypes?.includes(type));
		const data = { open: open.map(([type]) => type) };
		if (open.length === 0) return ok('Flows cannot run commands on this machine: the nodes for it are switched off.', data);
		return problem(`Flows can use ${open.map(([, name]) => name).join(' and ')}, and with it reach the store and its keys around every rule.`, goOn, data);
	},
};

import { ok, unknown, warning, type Check } from './finding';

/** What n8n itself brings, and this package. */
const expected = ['n8n-nodes-base', '@n8n/n8n-nodes-langchain', 'n8n-nodes-civic-comms'];

/** Other community packages run in the same process, so they could read what this one holds in memory. */
export const otherPackages: Check = {
	name: 'other-packages',
	run: ({ host }) => {
		if (host.nodeTypes === null) return unknown('This n8n does not tell which packages it has loaded.', 'Look at Settings › Community nodes.');
		const packages = [...new Set(host.nodeTypes.map((type) => type.slice(0, type.lastIndexOf('.'))))].filter((name) => name !== '' && !expected.includes(name)).sort();
		const data = { packages };
		if (packages.length === 0) return ok('No other community package is loaded.', data);
		const named = packages.map((name) => (name === 'CUSTOM' ? 'nodes from a custom folder' : name)).join(', ');
		return warning(`Also loaded in this n8n: ${named}. Their code runs in the same process and could read this channel’s token from memory.`, 'Keep packages that IT has not looked at in another n8n.', data);
	},
};

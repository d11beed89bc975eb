import { ok, problem, unknown, warning, type Check } from './finding';

/** Modules of Node with which code reaches files, other programs, or the network around n8n. */
const reaching = ['*', 'fs', 'fs/promises', 'child_process', 'worker_threads', 'cluster', 'vm', 'module', 'process', 'sqlite', 'inspector', 'net', 'tls', 'http', 'https', 'http2', 'dgram'];
const goOn = 'Take these names out of NODE_FUNCTION_ALLOW_BUILTIN in the environment of n8n, and restart it.';

/** Which modules of Node the Code node may load. */
export const codeModules: Check = {
	name: 'code-modules',
	run: ({ host }) => {
		const { NODE_FUNCTION_ALLOW_BUILTIN: builtin = '', NODE_FUNCTION_ALLOW_EXTERNAL: external = '', N8N_RUNNERS_MODE: runners } = host.env;
		const list = (setting: string) => setting.split(',').map((name) => name.trim().replace(/^node:/, '')).filter((name) => name !== '');
		const open = list(builtin).filter((name) => reaching.includes(name));
		const data = { builtin: list(builtin), external: list(external), reaching: open };
		if (open.length > 0) return problem(`Code in flows may load ${open.map((name) => (name === '*' ? 'every module of Node' : name)).join(', ')}, and with it reach files or the network around n8n.`, goOn, data);
		if (runners === 'external') return unknown('Code in flows runs in a runner of its own, whose settings cannot be seen from here.', 'Check NODE_FUNCTION_ALLOW_BUILTIN in the settings of the task runner.', data);
		if (list(external).length > 0) return warning(`Code in flows may load the packages ${list(external).join(', ')}.`, 'Keep NODE_FUNCTION_ALLOW_EXTERNAL to packages that IT has looked at.', data);
		return ok('Code in flows may load no module that reaches files or the network.', data);
	},
};

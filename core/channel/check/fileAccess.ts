import { ok, problem, warning, type Check } from './finding';

const separator = ';';

/** How far the file nodes of n8n reach. The store refuses to lie where they do; other secrets of n8n may not. */
export const fileAccess: Check = {
	name: 'file-access',
	run: ({ host }) => {
		const { N8N_RESTRICT_FILE_ACCESS_TO: allowed, N8N_BLOCK_FILE_ACCESS_TO_N8N_FILES: blocked } = host.env;
		const folders = allowed?.split(separator).map((folder) => folder.trim()).filter((folder) => folder !== '');
		const data = { ownFilesBlocked: blocked !== 'false', restricted: folders === undefined || folders.length > 0, folders: folders?.length ?? 1 };
		if (blocked === 'false') return problem('File nodes of flows can reach n8n’s own folder, where its database and keys lie.', 'Take N8N_BLOCK_FILE_ACCESS_TO_N8N_FILES=false out of the environment of n8n.', data);
		if (folders?.length === 0) return problem('File nodes of flows can reach every folder of this machine but n8n’s own.', 'Take the empty N8N_RESTRICT_FILE_ACCESS_TO out, or name the folders that flows need.', data);
		if (folders?.some((folder) => folder === '/')) return problem('File nodes of flows can reach every folder of this machine but n8n’s own.', 'Name the folders that flows need in N8N_RESTRICT_FILE_ACCESS_TO.', data);
		if (folders !== undefined && folders.length > 1) return warning(`File nodes of flows can reach ${folders.length} folders.`, 'Check that no backup of the store and its keys lies in one of them.', data);
		return ok('File nodes of flows reach one folder only, and not that of n8n.', data);
	},
};

import type { HostSettings } from '../../core/store/location';

/** What this n8n's environment says about where files may live and how it runs. */
export function readHostSettings(): HostSettings {
	const { env } = process;
	return {
		userFolder: env.N8N_USER_FOLDER,
		fileAccess: env.N8N_RESTRICT_FILE_ACCESS_TO,
		blocksOwnFiles: env.N8N_BLOCK_FILE_ACCESS_TO_N8N_FILES !== 'false',
		executionsMode: env.EXECUTIONS_MODE,
	};
}

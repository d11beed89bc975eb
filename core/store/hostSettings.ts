import type { HostSettings } from './location';

/** What an n8n's environment says about where files may live and how it runs. */
export function readHostSettings(env: Record<string, string | undefined>): HostSettings {
	return {
		userFolder: env.N8N_USER_FOLDER,
		fileAccess: env.N8N_RESTRICT_FILE_ACCESS_TO,
		blocksOwnFiles: env.N8N_BLOCK_FILE_ACCESS_TO_N8N_FILES !== 'false',
		executionsMode: env.EXECUTIONS_MODE,
	};
}

import type { Clock } from '../../world';
import type { ChannelSettings } from '../settings';
import type { MetaReadings } from './metaReadings';
import type { StoreFacts } from './storeFacts';

/** What is known of the n8n around us. The adapter reads it; the core has no environment. */
export interface HostFacts {
	/** The settings named in `hostSettingNames`; unset ones are absent. */
	env: Readonly<Record<string, string | undefined>>;
	/** Every node type this n8n offers, as `package.name`; null when n8n does not tell. */
	nodeTypes: readonly string[] | null;
}

/** The only settings a check looks at. */
export const hostSettingNames = [
	'NODES_EXCLUDE',
	'NODE_FUNCTION_ALLOW_BUILTIN',
	'NODE_FUNCTION_ALLOW_EXTERNAL',
	'N8N_RUNNERS_MODE',
	'N8N_RUNNERS_INSECURE_MODE',
	'N8N_BLOCK_ENV_ACCESS_IN_NODE',
	'N8N_BLOCK_FILE_ACCESS_TO_N8N_FILES',
	'N8N_RESTRICT_FILE_ACCESS_TO',
] as const;

/** Everything a check may ask. Each reading is made at most once, whoever asks first. */
export interface CheckWorld {
	settings: ChannelSettings;
	meta: MetaReadings;
	/** @throws CivicError `store.*` */
	store(): Promise<StoreFacts>;
	clock: Clock;
	host: HostFacts;
}

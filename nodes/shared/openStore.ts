import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { openProcessStore } from '../../core/store/processStore';
import { storeFolder } from '../../core/store/location';
import type { Store } from '../../core/store/store';
import { readHostSettings } from '../../core/store/hostSettings';

/** Anything n8n gives a node to ask for credentials with. */
export interface CredentialSource {
	getNode(): { credentials?: Record<string, unknown> };
	getCredentials<T extends object = IDataObject>(type: string): Promise<T>;
}

/**
 * Opens the store that the node's store credential names, or the one in n8n's own folder when it has none.
 * @throws CivicError store.*
 */
export async function openStore(source: CredentialSource): Promise<Store> {
	const chosen = source.getNode().credentials?.civicStoreApi !== undefined;
	const fields = chosen ? await source.getCredentials<{ folder?: string }>('civicStoreApi') : {};
	return openStoreAt(fields.folder);
}

export function openStoreAt(folder: string | undefined): Promise<Store> {
	const core = join(__dirname, '..', '..', 'core');
	return openProcessStore({
		folder: storeFolder(folder, readHostSettings(process.env)),
		workerFile: join(core, 'store', 'sqlite', 'worker.js'),
		commandsModule: join(core, 'commands.js'),
	});
}

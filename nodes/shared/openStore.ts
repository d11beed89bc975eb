import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { storeFolderOfFile } from '../../core/channel/channelsFile';
import { openProcessStore } from '../../core/store/processStore';
import { storeFolder } from '../../core/store/location';
import type { Store } from '../../core/store/store';
import { readHostSettings } from '../../core/store/hostSettings';
import { channelsFile } from './channelsFile';

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
	return openStoreAt(chosenFolder(fields.folder));
}

/** @throws CivicError channel.file where IT keeps the channels in a file, and a credential names a store of its own */
export function chosenFolder(folder: string | undefined): string | undefined {
	const file = channelsFile();
	return file === undefined ? folder : storeFolderOfFile(file, folder);
}

export function openStoreAt(folder: string | undefined): Promise<Store> {
	const core = join(__dirname, '..', '..', 'core');
	return openProcessStore({
		folder: storeFolder(folder, readHostSettings(process.env)),
		workerFile: join(core, 'store', 'sqlite', 'worker.js'),
		commandsModule: join(core, 'commands.js'),
	});
}

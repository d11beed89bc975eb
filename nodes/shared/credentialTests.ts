import type { ICredentialDataDecryptedObject, ICredentialsDecrypted, ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';
import { readAdoptionFacts } from '../../core/channel/adoptChannel';
import { checkAccess } from '../../core/channel/checkAccess';
import { channelSettings } from './channelsFile';
import { inPlainWords } from './inPlainWords';
import { cloudApiOf } from './openChannel';
import { chosenFolder, openStoreAt } from './openStore';

type Test = (this: ICredentialTestFunctions, credential: ICredentialsDecrypted) => Promise<INodeCredentialTestResult>;

/**
 * The tests behind the "Test" button of the credentials. n8n asks the first node it finds that names one, so every node
 * that has the credential carries the test.
 */
export const credentialTests = {
	/** Asks Meta, or the simulator on this machine, whether the channel works. */
	civicWhatsAppApiTest: saying(async (fields) => {
		const settings = channelSettings(fields);
		return checkAccess(cloudApiOf(settings), settings);
	}),

	/** Opens the store, which makes it when there is none, and says what is in it. */
	civicStoreApiTest: saying(async ({ folder }) => {
		const store = await openStoreAt(chosenFolder(typeof folder === 'string' ? folder : undefined));
		const { contacts, ledgerSize } = await store.execute(readAdoptionFacts, undefined);
		return `The store is open. It holds ${contacts} contacts and ${ledgerSize} entries in its ledger.`;
	}),
} satisfies Record<string, Test>;

function saying(check: (fields: ICredentialDataDecryptedObject) => Promise<string>): Test {
	return async ({ data = {} }) => {
		try {
			return { status: 'OK', message: await check(data) };
		} catch (thrown) {
			return { status: 'Error', message: inPlainWords(thrown) };
		}
	};
}

import type { ICredentialsDecrypted, ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';
import { checkAccess } from '../../../core/channel/checkAccess';
import { parseChannelSettings } from '../../../core/channel/parseSettings';
import { isCivicError } from '../../../core/errors';
import { cloudApiOf } from '../../shared/openChannel';

/** Asks Meta, or the simulator on this machine, whether the channel works, and says in words what is wrong. */
export async function civicWhatsAppApiTest(this: ICredentialTestFunctions, credential: ICredentialsDecrypted): Promise<INodeCredentialTestResult> {
	try {
		const settings = parseChannelSettings(credential.data ?? {});
		return { status: 'OK', message: await checkAccess(cloudApiOf(settings), settings) };
	} catch (thrown) {
		if (isCivicError(thrown)) return { status: 'Error', message: `${thrown.message} ${thrown.hint}` };
		return { status: 'Error', message: thrown instanceof Error ? thrown.message : 'The channel could not be checked.' };
	}
}

import { sendCode } from '../approval/sendCode';
import { isCivicError } from '../errors';
import type { Store } from '../store/store';
import type { Transport } from '../whatsapp/connection';
import type { DeskRequest, DeskResponse } from './deskResponse';
import { refusedPage } from './signOff/answers';
import type { Strangers } from './strangers';

/** Whether a submitted form asks for a code. A page that is only opened never does. */
export function asksForCode({ method, form }: DeskRequest): boolean {
	return method === 'POST' && form.send === 'code';
}

/** Sends an approver the code they ask for, and shows the page again. */
export async function answerCodeRequest(world: { store: Store; transport: Transport }, strangers: Strangers, token: string): Promise<DeskResponse> {
	try {
		await sendCode(world, token);
	} catch (cause) {
		if (!isCivicError(cause)) throw cause;
		return refusedPage(world.store, strangers, token, cause);
	}
	// Back to GET, so that loading the page again does not send another.
	return { status: 303, headers: { location: `${encodeURIComponent(token)}#confirm`, 'cache-control': 'no-store' }, body: '' };
}

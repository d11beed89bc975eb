import type { Wake } from '../approval/resume';
import { createTransport, isTransportFault, type Transport } from '../whatsapp/connection';

const timeoutMs = 10_000;

/**
 * Wakes a waiting execution through n8n's own signed address. What n8n 2.41 answers: 200 once it has taken the call, or when
 * there is nothing left to wake; 404 when the execution was deleted; 409 "… has finished …" when it ended another way; 500 or
 * 409 "… is running already" while it is not waiting yet, and 409 from the gate itself when it sees no decision.
 */
export function createWake(transport: Transport = createTransport()): Wake {
	return async (resumeUrl) => {
		try {
			const { status, text } = await transport.request({
				method: 'POST',
				url: resumeUrl,
				headers: { 'content-type': 'application/json' },
				body: '{}',
				timeoutMs,
			});
			// A proxy whose n8n is starting answers 404 too, but does not speak of executions.
			const isOver = (status === 404 && text.includes('execution')) || (status === 409 && text.includes('has finished'));
			return isOver || (status >= 200 && status < 300) ? 'taken' : 'later';
		} catch (fault) {
			// n8n may be restarting. The request stands in the store, and is tried again.
			if (isTransportFault(fault)) return 'later';
			throw fault;
		}
	};
}

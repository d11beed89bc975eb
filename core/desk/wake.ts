import type { Wake } from '../approval/resume';
import { createTransport, isTransportFault, type Transport } from '../whatsapp/connection';

const timeoutMs = 10_000;

/**
 * Wakes a waiting execution through n8n's own signed address. n8n answers 200 once it has taken the call, or when there is
 * nothing left to wake; 409 while the execution is still running or the gate sees no decision; 404 when it is gone.
 */
export function createWake(transport: Transport = createTransport()): Wake {
	return async (resumeUrl) => {
		try {
			const { status } = await transport.request({
				method: 'POST',
				url: resumeUrl,
				headers: { 'content-type': 'application/json' },
				body: '{}',
				timeoutMs,
			});
			return status >= 200 && status < 300 ? 'taken' : 'later';
		} catch (fault) {
			// n8n may be restarting. The request stands in the store, and is tried again.
			if (isTransportFault(fault)) return 'later';
			throw fault;
		}
	};
}

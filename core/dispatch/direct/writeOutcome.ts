import { isCivicError } from '../../errors';
import type { Store } from '../../store/store';
import { recordDirectOutcome, type DirectResult } from './recordOutcome';

/** What a report says when its outcome could not be written. */
export interface Unwritten {
	recorded: false;
	explain: string;
	howToGoOn: string;
}

/**
 * Writes down what came of a message to one person, and tries a second time when that fails. Never throws: by now the
 * message may be on its way, and whoever saw an error would run the flow again and send it twice. What stays unwritten is
 * named uncertain in the store after a while, and settled by a status of WhatsApp.
 * @param explain what is to be said of the outcome itself
 * @returns what the report has to say on top; undefined when it was written
 */
export async function writeOutcome(store: Store, result: DirectResult, explain = ''): Promise<Unwritten | undefined> {
	try {
		await store.execute(recordDirectOutcome, result);
		return undefined;
	} catch {
		// A store that was busy or had stopped may be there again; it knows by itself if the first try was written after all.
	}
	try {
		await store.execute(recordDirectOutcome, result);
		return undefined;
	} catch (cause) {
		return unwritten(result.state, explain, cause);
	}
}

function unwritten(state: DirectResult['state'], explain: string, cause: unknown): Unwritten {
	// Other refusals of the store say that their step was not taken, which would be read as "not sent".
	const why = isCivicError(cause) && cause.code === 'store.unreachable' ? ` ${cause.message}` : '';
	const what = state === 'accepted' ? 'WhatsApp took the message.' : explain;
	return {
		recorded: false,
		explain: `${what} That could not be written to the store.${why}`,
		howToGoOn:
			state === 'not-sent'
				? 'The message did not leave. It may be sent anew once IT has checked the disk and the store, which counts it as uncertain until then.'
				: 'Do not send it again. Have IT check the disk and the store. The store counts the message as uncertain until a status of WhatsApp tells what became of it.',
	};
}

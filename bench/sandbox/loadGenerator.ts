import autocannon from 'autocannon';
import { answerParent } from '../childProgram';
import { noticeTo, recipients } from './messages';

export interface Load {
	/** The origin of the server. */
	url: string;
	phoneNumberId: string;
	token: string;
	connections: number;
	seconds: number;
}

export interface LoadResult {
	/** Answers with a status of 200 and so on. */
	accepted: number;
	/** Other answers, errors and timeouts. */
	refused: number;
	seconds: number;
	latencyMs: { median: number; p99: number };
}

/** Every connection goes round among recipients of its own. */
answerParent<Load, LoadResult>(async ({ url, phoneNumberId, token, connections, seconds }) => {
	const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
	const all = recipients().map((to) => ({ method: 'POST', path: `/v25.0/${phoneNumberId}/messages`, headers, body: noticeTo(to) }));
	const share = Math.floor(all.length / connections);
	let client = 0;
	const result = await autocannon({
		url,
		connections,
		duration: seconds,
		requests: all.slice(0, 1),
		setupClient: (connection) => {
			const from = client++ * share;
			connection.setRequests(all.slice(from, from + share));
		},
	});
	const { non2xx, errors, timeouts, duration, latency } = result;
	return { accepted: result['2xx'], refused: non2xx + errors + timeouts, seconds: duration, latencyMs: { median: latency.p50, p99: latency.p99 } };
});

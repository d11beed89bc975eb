import { randomInt } from 'node:crypto';
import type { Journal } from '../journal';
import { checkWebhookAddress } from '../options';

export class HandshakeRefused extends Error {}

/**
 * The verification handshake (Meta, "Webhooks: create an endpoint"): a GET with mode, challenge and verify token, which
 * must be answered with 200 and exactly the challenge.
 *
 * @throws HandshakeRefused with what was wrong
 */
export async function verifyAddress(address: string, verifyToken: string, journal: Journal, signal: AbortSignal, allowed?: ReadonlySet<string>): Promise<void> {
	const url = checkWebhookAddress(address, allowed);
	const challenge = String(randomInt(1_000_000_000, 2_000_000_000));
	url.searchParams.set('hub.mode', 'subscribe');
	url.searchParams.set('hub.challenge', challenge);
	url.searchParams.set('hub.verify_token', verifyToken);
	const answer = await ask(url, signal);
	const outcome = answer.status === 200 && answer.body === challenge ? 'verified' : 'refused';
	journal.record({ kind: 'handshake', method: 'GET', path: address, ...answer, outcome });
	if (outcome === 'verified') return;
	if (answer.status === undefined) throw new HandshakeRefused(`The address did not answer: ${answer.body}`);
	throw new HandshakeRefused(answer.status === 200 ? 'The address answered 200, but not with the challenge alone.' : `The address answered ${answer.status} to the verification request.`);
}

/** More than any challenge has. */
const longestAnswer = 10_000;

async function ask(url: URL, signal: AbortSignal): Promise<{ status?: number; body: string }> {
	try {
		const response = await fetch(url, { headers: { 'User-Agent': 'facebookplatform/1.0 (+http://developers.facebook.com)' }, redirect: 'manual', signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]) });
		return { status: response.status, body: await beginningOf(response) };
	} catch (thrown) {
		// Nobody listening is an ordinary outcome here: the caller tries again or reports it.
		return { body: thrown instanceof Error ? String(thrown.cause ?? thrown.message) : String(thrown) };
	}
}

async function beginningOf({ body }: Response): Promise<string> {
	let text = '';
	if (!body) return text;
	const decoder = new TextDecoder();
	for await (const chunk of body) {
		text += decoder.decode(chunk, { stream: true });
		if (text.length > longestAnswer) break;
	}
	return text.slice(0, longestAnswer);
}

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Which of the app secrets signed this webhook (`X-Hub-Signature-256`; Meta: "Webhooks, validating payloads"). Several
 * secrets are allowed so that one can be replaced while the other still signs.
 *
 * @param rawBody the bytes as they came: Meta escapes characters in ways that no re-serialisation repeats
 * @returns the index of the secret, or undefined: answer 401 and look at nothing in the body
 */
export function verifySignature(rawBody: Buffer, header: string | undefined, secrets: readonly string[]): number | undefined {
	const hex = /^sha256=([0-9a-f]{64})$/.exec(header ?? '')?.[1];
	if (hex === undefined) return undefined;
	const given = Buffer.from(hex, 'hex');
	// Every secret is tried, so that the time taken says nothing about which one matched. An empty secret never counts:
	// anybody could sign with it.
	const matches = secrets.map((secret) => timingSafeEqual(given, createHmac('sha256', secret).update(rawBody).digest()) && secret !== '');
	const index = matches.indexOf(true);
	return index === -1 ? undefined : index;
}

/**
 * Meta's question when a webhook address is entered: `hub.mode`, `hub.verify_token` and `hub.challenge` in the query.
 *
 * @returns the challenge, to be answered with status 200 as text/plain and nothing else, or undefined: answer 403
 */
export function verifyHandshake(query: Readonly<Record<string, unknown>>, verifyTokens: readonly string[]): string | undefined {
	const { 'hub.mode': mode, 'hub.verify_token': token, 'hub.challenge': challenge } = query;
	if (mode !== 'subscribe' || typeof token !== 'string' || typeof challenge !== 'string') return undefined;
	const matches = verifyTokens.map((known) => timingSafeEqual(digest(known), digest(token)) && known !== '');
	// The challenge is a number at Meta. It is echoed, so nothing that a browser could read as a page may pass.
	return matches.includes(true) && /^[\w.-]{1,256}$/.test(challenge) ? challenge : undefined;
}

/** Of equal length for any text, as the constant-time comparison needs it. */
function digest(text: string): Buffer {
	return createHash('sha256').update(text, 'utf8').digest();
}

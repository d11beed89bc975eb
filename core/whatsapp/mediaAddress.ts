import { CivicError } from '../errors';
import { isLoopbackHost } from './graphAddress';

/** Where Meta keeps files ("Media"): the address in the answer about a file leads to the first. */
const metaHosts = new Set(['lookaside.fbsbx.com', 'graph.facebook.com']);

/**
 * A file is fetched with the channel's token, so its address may be Meta's over HTTPS and nothing else; for a channel whose
 * Graph address is on this machine (a simulator), on this machine. The address comes in an answer, and answers are not trusted.
 *
 * @param graphUrl of the channel, as `assertGraphAddress` let it pass
 * @throws CivicError `channel.address`
 */
export function assertMediaAddress(address: string, graphUrl: string): string {
	if (!/[\s\\@\p{C}]/u.test(address) && URL.canParse(address)) {
		const url = new URL(address);
		if (url.protocol === 'https:' && url.port === '' && metaHosts.has(url.hostname)) return url.href;
		const simulated = isLoopbackHost(new URL(graphUrl).hostname);
		if (simulated && (url.protocol === 'http:' || url.protocol === 'https:') && isLoopbackHost(url.hostname)) return url.href;
	}
	throw new CivicError(
		'channel.address',
		'The address that was given for this file leads neither to Meta nor to the Graph host of this channel, so it was not called.',
		'Try again. If it stays so, ask IT what answers in place of Meta, and report it.',
	);
}

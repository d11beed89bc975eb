import { isIPv4 } from 'node:net';

import { CivicError } from '../errors';

export const metaGraphUrl = 'https://graph.facebook.com';

/**
 * The only places that a channel's token may be sent to: Meta's Graph host over HTTPS, or this machine itself (a simulator).
 * Anything else is refused before a connection is opened, so a mistyped or hostile address never sees the token. Redirects
 * are not followed either (see connection.ts).
 *
 * @returns the origin, `https://graph.facebook.com` or for example `http://127.0.0.1:8080`, without a trailing slash
 * @throws CivicError `channel.address`
 */
export function assertGraphAddress(address: string): string {
	const url = plainAddress(address);
	const isMeta = url.protocol === 'https:' && url.hostname === 'graph.facebook.com' && url.port === '';
	if (!isMeta && !isLoopbackHost(url.hostname)) throw refusal('is neither that of Meta nor one on this machine');
	return url.origin;
}

/** @param hostname as `URL.hostname` gives it: lower case, IPv4 in dotted form, IPv6 in square brackets */
export function isLoopbackHost(hostname: string): boolean {
	return hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'));
}

/** The address as a URL that is a scheme, a host and a port and nothing else, so that it cannot mean another host than it shows. */
function plainAddress(address: string): URL {
	// Checked before parsing: the URL parser drops tabs and newlines, and reads a backslash as a slash.
	if (/[\s\\@\p{C}]/u.test(address)) throw refusal('holds a character that does not belong there');
	if (!URL.canParse(address)) throw refusal('is not a web address');
	const url = new URL(address);
	if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refusal('does not start with https://');
	if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || /[?#]/.test(address)) {
		throw refusal('goes on after the host. The version of the API has a field of its own');
	}
	return url;
}

function refusal(what: string): CivicError {
	return new CivicError(
		'channel.address',
		`The Graph address of this channel ${what}.`,
		`Use ${metaGraphUrl}, or an address such as http://127.0.0.1:8080 for the sandbox.`,
	);
}

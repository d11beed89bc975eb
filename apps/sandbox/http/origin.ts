import type { HttpRequest } from './listener';

/**
 * Whether a web page of another origin makes this request, as far as browsers tell: by `Sec-Fetch-Site` (W3C, "Fetch
 * Metadata Request Headers"), and those that do not send it by `Origin` (RFC 6454, section 7). Programs send neither.
 *
 * The server has judged the Host header before, so that a page cannot give this computer a name of its own.
 */
export function isFromElsewhere({ headers }: Pick<HttpRequest, 'headers'>): boolean {
	const { origin, host = '', 'sec-fetch-site': site } = headers;
	// The browser's own word; behind a proxy the origin that it sees is not the host that arrives here.
	if (site === 'same-origin') return false;
	if (site !== undefined && site !== 'none') return true;
	return origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host.toLowerCase());
}

/** Whether the method of a request may change something (RFC 9110, section 9.2.1). */
export function changesSomething({ method }: Pick<HttpRequest, 'method'>): boolean {
	return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
}

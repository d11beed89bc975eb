import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { DeskResponse } from './deskResponse';
import { pageStyle } from './pageStyle';

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

const styleHash = createHash('sha256').update(pageStyle, 'utf8').digest('base64');

const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
/** A sandboxed page may not load itself again (HTML, "sandboxed automatic features"), so one that does goes without. */
const sandbox = '; sandbox allow-forms allow-same-origin';

/**
 * Headers of every page. n8n sets no policy of its own on a page that a node writes, and that page shares the origin
 * of the editor: so nothing may run here, nothing may be loaded, and nobody may frame it.
 */
const pageHeaders: Record<string, string> = {
	'content-type': 'text/html; charset=utf-8',
	'cache-control': 'no-store',
	'referrer-policy': 'no-referrer',
	'x-content-type-options': 'nosniff',
	'x-frame-options': 'DENY',
	'x-robots-tag': 'noindex, nofollow',
	'cross-origin-opener-policy': 'same-origin',
};

/** One whole page, without scripts or cookies. Everything put into `main` through `html` is escaped. */
export async function pageResponse(status: number, title: string, main: Markup, refreshSeconds?: number): Promise<DeskResponse> {
	const page = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${refreshSeconds === undefined ? '' : html`<meta http-equiv="refresh" content="${refreshSeconds}">`}
<title>${title}</title>
<style>${raw(pageStyle)}</style>
</head>
<body>
<header><p>Civic Comms</p></header>
<main id="main">${main}</main>
</body>
</html>
`;
	const headers = { ...pageHeaders, 'content-security-policy': refreshSeconds === undefined ? policy + sandbox : policy };
	return { status, headers, body: page.toString() };
}

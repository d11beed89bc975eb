import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { DeskResponse } from './deskResponse';
import { pageStyle } from './style/pageStyle';

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

export interface PageOptions {
	/** Name of the channel the page is about; a page about none of them has a name of its own. */
	channel?: string;
	/**
	 * Loads the page again after this many seconds. Only for a person who asked for it and can turn it off: what reloads by
	 * itself interrupts a screen reader and moves what one is reading (WCAG 2.2, 2.2.1 and technique G76).
	 */
	refreshSeconds?: number;
}

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

/** They could turn around what stands beside them; a title has no element that would hold them in. */
const directionMarks = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** One whole page, without scripts or cookies, in the layout of the GOV.UK page template. What is put into `main` through `html` is escaped. */
export async function pageResponse(status: number, title: string, main: Markup, { channel, refreshSeconds }: PageOptions = {}): Promise<DeskResponse> {
	const page = await html`<!doctype html>
<html lang="en-GB" class="govuk-template">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<title>${title.replace(directionMarks, '')}</title>
<style>${raw(pageStyle)}</style>
</head>
<body class="govuk-template__body">
<a href="#main" class="govuk-skip-link">Skip to main content</a>
<header class="govuk-generic-header"><div class="govuk-width-container desk-header"><bdi>${channel ?? 'Civic Comms'}</bdi></div></header>
<div class="govuk-width-container"><main class="govuk-main-wrapper desk-main" id="main">
${main}
</main></div>
</body>
</html>
`;
	const headers = {
		...pageHeaders,
		'content-security-policy': refreshSeconds === undefined ? policy + sandbox : policy,
		...(refreshSeconds === undefined ? {} : { refresh: String(refreshSeconds) }),
	};
	return { status, headers, body: page.toString() };
}

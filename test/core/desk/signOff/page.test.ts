import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PageView } from '../../../../core/desk/signOff/pageView';
import { signOffPage } from '../../../../core/desk/signOff/signOffPage';
import { arabic, returnedView, sendingView, someView } from '../views';

const bodyOf = async (view: PageView, options: Parameters<typeof signOffPage>[1] = {}) => (await signOffPage(view, options)).body;

/** Text as a reader sees it. */
const textOf = (body: string) =>
	body
		.slice(body.indexOf('<body'))
		.replace(/<[^>]+>/g, ' ')
		.replace(/\s+/g, ' ');

describe('the page that asks for a decision', () => {
	it('shows the message in every language that goes out, by the name of the language and marked as such', async () => {
		const body = await bodyOf(someView());
		for (const words of ['English', 'Welsh', 'We grit <strong>Route 1 and Route 3</strong>', 'Byddwn yn graeanu', 'See the map', 'https://aldersea.example/graeanu/map', '+441632960001']) expect(body).toContain(words);
		expect(body).toMatch(/lang="cy">[^]*Byddwn/);
	});

	it('shows who gets it and who does not, when, what it costs, and everybody who touched it', async () => {
		const text = textOf(await bodyOf(someView()));
		for (const words of [
			'1,204 people in Route 1 or Route 3 who follow winter roads',
			'39 people: 31 opted out, 8 unreachable',
			'Fri 20 Nov, 16:30 to 23:00 at the latest',
			'About £18.06 if all are delivered',
			'Sam Okafor drafted it, with Al Reed , Jo Field',
			'Sign-off was asked of Morgan Ellis , Priya Raman',
			'Priya Raman approved it',
			'Open-Meteo , frost-2026-11-20T18 , Fri 20 Nov, 12:00',
			'1 of 2',
		]) {
			expect(text).toContain(words);
		}
	});

	it('offers to return it only to those who may', async () => {
		expect(await bodyOf(someView())).not.toContain('value="return"');
		expect(await bodyOf(someView({ mayReturn: true }))).toMatch(/value="return"[^]*name="change"[^]*Return for change/);
	});

	it('shows what changed since it was returned, and what had been asked for', async () => {
		const text = textOf(await bodyOf(returnedView()));
		for (const words of ['Priya Raman returned the version before, Fri 20 Nov, 13:20', 'leave out Route 2.', '[taken out: 17:00 ] [put in: 18:00 ]', '[taken out: 1,650 ] [put in: 1,204 ] people']) expect(text).toContain(words);
		const same = returnedView();
		const unchanged = { ...same, returned: { by: 'P', at: '2026-11-20T13:20:00.000Z', change: 'c', content: same.content, summary: same.summary } };
		expect(await bodyOf(unchanged)).toContain('Nothing of what residents get has changed');
	});

	it('shows the stages, where there are some', async () => {
		expect(textOf(await bodyOf(returnedView()))).toMatch(/Stage 1 Highways duty manager : 1 of 1, done Stage 2 Communications : 0 of 1, deciding now/);
	});
});

describe('a refused decision', () => {
	const refusal = { status: 422, message: 'Say why.', hint: 'The service reads it.', field: 'reason' as const };

	it('is told on top with a link to the field, at the field, and in the title', async () => {
		const body = await bodyOf(someView(), { refusal });
		expect(body).toContain('<title>Error: Sign-off needed');
		expect(body).toMatch(/govuk-error-summary[^]*<a href="#reason"><bdi>Say why\.<\/bdi><\/a>[^]*<h1/);
		expect(body).toMatch(/<details[^>]* open>[^]*id="reason-error"[^]*aria-describedby="reason-hint reason-error"/);
	});

	it('comes back open with the words that were in it', async () => {
		expect(await bodyOf(someView(), { refusal: { ...refusal, field: undefined, typed: { reason: '\n<b>Route 2</b>' } } })).toMatch(/<details[^>]* open>[^]*<textarea[^>]*>\n\n&lt;b&gt;Route 2/);
	});

	it('holds no form when there is nothing more to decide', async () => {
		expect(await bodyOf(someView({ mayDecide: false, state: 'rejected' }), { refusal: { ...refusal, field: undefined, status: 409 } })).not.toContain('<form');
	});
});

describe('the page while a message is being sent', () => {
	it('loads itself again only for a person who asked, and says how to stop that', async () => {
		const still = await signOffPage(sendingView());
		expect(still.headers).not.toHaveProperty('refresh');
		expect(still.headers['content-security-policy']).toContain('sandbox');
		expect(still.body).toContain('href="?live=on"');
		const live = await signOffPage(sendingView(), { live: true });
		expect(live.headers.refresh).toBe('5');
		// A sandboxed page may not load itself again (HTML, "sandboxed automatic features").
		expect(live.headers['content-security-policy']).not.toContain('sandbox');
		expect(live.body).toMatch(/every 5 seconds\. <a class="govuk-link" href="\?">/);
		expect(live.body).not.toContain('http-equiv');
	});

	it('stops loading itself when nothing changes any more', async () => {
		const totals = { recipients: 2, pending: 0, accepted: 2, delivered: 2, read: 0, failed: 0, notSent: 0, uncertain: 0 };
		const { headers, body } = await signOffPage(sendingView({ state: 'finished', finishedAt: 1, totals }), { live: true });
		expect(headers).not.toHaveProperty('refresh');
		expect(body).not.toContain('live=on');
		expect(await signOffPage(someView(), { live: true }).then((page) => page.headers)).not.toHaveProperty('refresh');
	});

	it('offers Stop only to those who may', async () => {
		expect(await bodyOf(sendingView())).toMatch(/value="stop"[^]*Stop sending/);
		expect(await bodyOf({ ...sendingView(), mayStop: false })).not.toContain('value="stop"');
	});

	it('says what holds it up', async () => {
		expect(textOf(await bodyOf(sendingView({ state: 'held', heldReason: 'Too many messages failed.' })))).toContain('Warning Sending is on hold. Too many messages failed.');
	});
});

const directionMarks = /[\u202A-\u202E\u2066-\u2069]/;

/** Every text of a view, through a function. */
function everyText(view: PageView, change: (text: string) => string): PageView {
	const kept = new Set(['state', 'window', 'mode', 'kind', 'decision', 'digest', 'zone', 'notBefore', 'notAfter', 'at', 'currency', 'root', 'hash']);
	const walk = (value: unknown, name = ''): unknown => {
		if (typeof value === 'string') return kept.has(name) ? value : change(value);
		if (Array.isArray(value)) return value.map((entry) => walk(entry, name));
		if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner, key)]));
		return value;
	};
	return walk(view) as PageView;
}

describe('whatever stands in the fields', () => {
	const views: Array<[string, PageView]> = [
		['question', returnedView()],
		['sending', { ...sendingView(), returned: returnedView().returned }],
		['rejected', someView({ mayDecide: false, state: 'rejected', decisions: [{ by: 'P', decision: 'reject', confirmedBy: 'link', at: '2026-11-20T15:10:00.000Z', reason: 'R' }] })],
		['Arabic', someView({ messages: [{ language: 'ar', message: arabic }] })],
	];
	const nasty = fc
		.array(fc.constantFrom('<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "'", '&amp;', '</style>', '</title>', '</textarea>', '{{x}}', '\u202E', '\u2067', '\u2066', 'שלום', 'سلام', '👩‍👩‍👧‍👦', '\uD83D', '\0', '*b*', '\r\n', ' '), { maxLength: 8 })
		.map((parts) => parts.join(''));
	const markup = (body: string) => (body.match(/<[a-z/!][^>]*>/gi) ?? []).map((tag) => tag.replace(/ lang="[^"]*"/, ''));
	/** What a change of words may bring: type in a message, marks of what changed, and a line less where all parts are alike. */
	const ofWords = /^<\/?(?:strong|em|s|code|del|ins|span|bdi)\b/;
	const outsideWords = (body: string) => body.slice(body.indexOf('<body')).replace(/<bdi[^>]*>[^]*?<\/bdi>|<textarea[^]*?<\/textarea>|<[^>]+>/g, '');
	const refused = (typed: string) => ({ refusal: { status: 422, message: typed, hint: typed, typed: { reason: typed } } });

	it.each(views)('no tag is added to the page of a %s, and no mark of direction leaves its element', async (_, view) => {
		const tags = async (text: string) => {
			const body = await bodyOf(everyText(view, () => text), refused(text));
			return { body, tags: markup(body).filter((tag) => !ofWords.test(tag)).join('\n') };
		};
		const plain = await tags('x');
		await fc.assert(
			fc.asyncProperty(nasty, async (evil) => {
				const { body, tags: found } = await tags(`x${evil}`);
				// Compared as truths: a difference between whole pages takes minutes to print.
				expect(found === plain.tags, 'the same tags').toBe(true);
				expect(directionMarks.test(outsideWords(body)), 'a mark outside').toBe(false);
				expect(directionMarks.test(/<title>([^]*?)<\/title>/.exec(body)?.[1] ?? ''), 'a mark in the title').toBe(false);
			}),
			{ numRuns: 40 },
		);
	});

	it('leads nowhere but to this page itself', async () => {
		for (const [, view] of views) {
			for (const body of [await bodyOf(view), await bodyOf(view, { live: true, refusal: { status: 422, message: 'm', hint: 'h', field: 'reason' } })]) {
				const links = [...body.matchAll(/(?:href|action|formaction|src)="([^"]*)"/g)].map(([, link]) => link);
				expect(links.filter((link) => !/^[#?]/.test(link ?? ''))).toEqual([]);
			}
		}
	});
});

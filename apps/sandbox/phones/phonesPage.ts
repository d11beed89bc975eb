import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ZodError, z } from 'zod';
import type { WeatherFeed } from '../feeds/openMeteo';
import { isObject, json, parseJson } from '../http/json';
import type { Answer, HttpRequest } from '../http/listener';
import { isFromElsewhere } from '../http/origin';
import { ResidentRefusal } from '../residents/residentRefusal';
import type { SandboxInside } from '../sandbox';
import { invite, performAct } from './acts';
import { heldMedia } from './heldMedia';
import { LiveChanges } from './liveChanges';
import { samplePlaces } from './samplePlaces';
import { showPhone } from './shownPhone';
import { readWall } from './wall';
import { whoGotWhat } from './whoGotWhat';

const messagesOfPhone = 250;
const longestPassingMs = 30 * 24 * 60 * 60 * 1000;

const security = {
	'Content-Security-Policy': "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	'Referrer-Policy': 'no-referrer',
	'X-Content-Type-Options': 'nosniff',
	'Cache-Control': 'no-store',
};

const modules = ['bubble', 'dom', 'flags', 'media', 'openPhone', 'page', 'sandboxClock', 'sentTable', 'sheets', 'talk', 'ticks', 'wall'];

const files: Readonly<Record<string, readonly [string, string]>> = {
	'/': ['page.html', 'text/html; charset=utf-8'],
	'/page.css': ['page.css', 'text/css; charset=utf-8'],
	...Object.fromEntries(modules.map((name) => [`/${name}.js`, [`${name}.js`, 'text/javascript; charset=utf-8'] as const])),
};

const inviteSchema = z.object({ number: z.string(), name: z.string().trim().min(1).max(60).optional() }).strict();
const passSchema = z.object({ ms: z.number().min(0).max(longestPassingMs) }).strict();

/** The residents' phones in a browser, and (on the same server) the feeds. */
export class PhonesPage {
	private readonly live: LiveChanges;

	constructor(
		private readonly inside: SandboxInside,
		private readonly weather: WeatherFeed,
	) {
		this.live = new LiveChanges(inside.residents, security);
	}

	readonly handle = (request: HttpRequest): Answer | Promise<Answer> => {
		if (request.method === 'POST') return this.post(request);
		if (request.method !== 'GET') return nothing;
		const { path } = request;
		const query = new URLSearchParams(request.query);
		if (path === '/feeds/open-meteo/v1/forecast') return this.weather.forecast(request.query);
		if (path === '/changes') return { stream: (response) => this.live.watch(response) };
		if (path === '/wall') return json({ ...readWall(query, this.inside), clock: this.clock() });
		if (path === '/phone') return this.phone(query.get('number') ?? '');
		if (path === '/sent') return json({ lines: whoGotWhat(this.inside.residents.all()) });
		if (path === '/places') return json({ places: samplePlaces });
		if (path.startsWith('/media/')) return heldMedia(path.slice('/media/'.length), this.inside, security);
		const file = files[path];
		return file ? { status: 200, headers: { 'Content-Type': file[1], ...security }, body: readFileSync(join(__dirname, 'browser', file[0]), 'utf8') } : nothing;
	};

	stop(): void {
		this.live.stop();
	}

	private clock(): object {
		const { clock } = this.inside;
		return { now: clock.now(), rate: clock.rate };
	}

	private phone(number: string): Answer {
		const resident = this.inside.residents.find(number.replace(/^\+/, ''));
		if (!resident) return json({ message: 'Nobody here has this number.' }, 404);
		return json({ council: this.inside.account.name, phone: showPhone(resident, messagesOfPhone, this.inside.clock.now()) });
	}

	private async post(request: HttpRequest): Promise<Answer> {
		const { path, headers, body } = request;
		const given = parseJson(body);
		if (isFromElsewhere(request) || !headers['content-type']?.startsWith('application/json') || !isObject(given)) return json({ message: 'Only this page may do that.' }, 403);
		try {
			if (path === '/invite') {
				const { number, name } = inviteSchema.parse(given);
				return json({ number: `+${invite(number, name, this.inside).number}` });
			}
			if (path === '/act') {
				const { number, ...act } = given;
				const resident = typeof number === 'string' ? this.inside.residents.find(number.replace(/^\+/, '')) : undefined;
				if (!resident) return json({ message: 'This phone is not here any more. Add it again.' }, 404);
				return json(performAct(resident, act, this.inside));
			}
			if (path === '/reset') {
				this.inside.reset({ templates: true });
				return json({});
			}
			if (path === '/pass') {
				await this.inside.time.pass(passSchema.parse(given).ms);
				this.inside.controls.dropLate();
				return json(this.clock());
			}
			return nothing;
		} catch (thrown) {
			return refusal(thrown);
		}
	}
}

const nothing = json({ message: 'There is nothing at this address.' }, 404);

function refusal(thrown: unknown): Answer {
	if (thrown instanceof ResidentRefusal) return json({ message: thrown.message }, 400);
	if (thrown instanceof ZodError) return json({ message: thrown.issues[0]?.message ?? 'That is not possible.' }, 400);
	throw thrown;
}

import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { WeatherFeed } from '../feeds/openMeteo';
import { isObject, json, parseJson, type JsonObject } from '../http/json';
import type { Answer, HttpRequest, TextAnswer } from '../http/listener';
import { viewPhone } from '../residents/phoneView';
import type { ResidentAct } from '../residents/inbound';
import type { Resident } from '../residents/residents';
import type { SandboxInside } from '../sandbox';

/** How long changes are gathered before the browsers hear of them. */
const gatherMs = 150;
const newestMessages = 30;
const mostPhones = 200;

const security = {
	'Content-Security-Policy': "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	'Referrer-Policy': 'no-referrer',
	'X-Content-Type-Options': 'nosniff',
	'Cache-Control': 'no-store',
};

const files: Readonly<Record<string, readonly [string, string]>> = {
	'/': ['page.html', 'text/html; charset=utf-8'],
	'/page.css': ['page.css', 'text/css; charset=utf-8'],
	'/page.js': ['page.js', 'text/javascript; charset=utf-8'],
};

/** The residents' phones in a browser, and (on the same server) the feeds. */
export class PhonesPage {
	private readonly watchers = new Set<ServerResponse>();
	private readonly stopListening: () => void;
	private gathering: NodeJS.Timeout | undefined;

	constructor(
		private readonly inside: SandboxInside,
		private readonly weather: WeatherFeed,
	) {
		this.stopListening = inside.residents.onChange(() => this.gather());
	}

	readonly handle = (request: HttpRequest): Answer => {
		const { method, path, query } = request;
		if (method === 'GET' && path === '/feeds/open-meteo/v1/forecast') return this.weather.forecast(query);
		if (method === 'GET' && path === '/wall') return json(this.wall(new URLSearchParams(query)));
		if (method === 'GET' && path === '/changes') return { stream: (response) => this.watch(response) };
		if (method === 'POST') return this.act(request);
		const file = files[path];
		if (method !== 'GET' || !file) return json({ message: 'There is nothing at this address.' }, 404);
		return { status: 200, headers: { 'Content-Type': file[1], ...security }, body: readFileSync(join(__dirname, file[0]), 'utf8') };
	};

	stop(): void {
		this.stopListening();
		clearTimeout(this.gathering);
		for (const watcher of this.watchers) watcher.end();
	}

	/** The phones that changed last, or those that a search finds, with their newest messages. */
	private wall(query: URLSearchParams): object {
		const wanted = query.get('search')?.trim().toLowerCase() ?? '';
		const digits = wanted.replace(/\D/g, '').replace(/^0/, '');
		const limit = Math.min(Number(query.get('limit')) || 24, mostPhones);
		const found: Resident[] = [];
		let total = 0;
		for (const resident of this.inside.residents.all()) {
			if (!resident.onWall) continue;
			total++;
			if (wanted === '' || resident.name.toLowerCase().includes(wanted) || (digits !== '' && resident.number.includes(digits))) found.push(resident);
		}
		const newest = found.length > limit ? found.sort((one, other) => lastSign(other) - lastSign(one)) : found;
		return {
			council: this.inside.account.name,
			webhook: this.inside.webhooks.url !== undefined,
			total,
			found: found.length,
			phones: newest.slice(0, limit).map((resident) => viewPhone(resident, newestMessages)),
		};
	}

	private watch(response: ServerResponse): void {
		response.writeHead(200, { ...security, 'Content-Type': 'text/event-stream' });
		response.write('retry: 1000\n\ndata: changed\n\n');
		this.watchers.add(response);
		response.on('close', () => this.watchers.delete(response));
	}

	private gather(): void {
		if (this.watchers.size === 0 || this.gathering) return;
		this.gathering = setTimeout(() => {
			this.gathering = undefined;
			for (const watcher of this.watchers) watcher.write('data: changed\n\n');
		}, gatherMs);
	}

	/** What a person does on the page: answer, tap a button, or bring a phone to the wall. */
	private act({ path, headers, body }: HttpRequest): TextAnswer {
		// A page elsewhere can post a form here, but neither JSON nor from this origin.
		const sameSite = headers['sec-fetch-site'] === undefined || headers['sec-fetch-site'] === 'same-origin';
		const given = parseJson(body);
		if (!sameSite || !headers['content-type']?.startsWith('application/json') || !isObject(given)) return json({ message: 'Only this page may do that.' }, 403);
		const digits = String(given.number ?? '').replace(/[\s()-]/g, '').replace(/^0/, '44').replace(/^\+/, '');
		if (!/^\d{7,15}$/.test(digits)) return json({ message: 'Enter a phone number such as +447700900123.' }, 400);
		const resident = this.inside.residents.at(digits);
		if (path === '/invite') {
			resident.invited = true;
			this.inside.residents.changed(resident);
			return json({ number: `+${digits}` });
		}
		const act = path === '/answer' ? typed(given) : path === '/tap' ? tapped(resident, given) : undefined;
		if (!act) return json({ message: 'This message has no such button, or the answer is empty.' }, 400);
		return json({ id: this.inside.inbound.receive(resident, act) });
	}
}

function typed({ text }: JsonObject): ResidentAct | undefined {
	return typeof text === 'string' && text.trim() !== '' ? { kind: 'text', text: text.slice(0, 4096) } : undefined;
}

function tapped(resident: Resident, { message, button }: JsonObject): ResidentAct | undefined {
	const tappedButton = resident.find(String(message))?.content.buttons[Number(button)];
	if (tappedButton?.kind !== 'quick_reply') return undefined;
	return { kind: 'button', text: tappedButton.text, payload: tappedButton.payload, answers: String(message) };
}

function lastSign({ thread }: Resident): number {
	return thread.at(-1)?.at ?? 0;
}

import { ZodError } from 'zod';
import { deepestNesting, isObject, json, parseJson, type JsonObject } from '../http/json';
import type { Answer, HttpRequest, TextAnswer } from '../http/listener';
import { changesSomething, isFromElsewhere } from '../http/origin';
import { describeKnobs, turnAgain } from '../knobs';
import type { SandboxInside } from '../sandbox';
import { AdminRefusal } from './adminRefusal';
import { changeAccount } from './changeAccount';
import { changeTemplate } from './changeTemplate';
import { readInbound } from './readInbound';
import { repeatWebhook, setWebhook } from './setWebhook';
import { setClock } from './setClock';
import { usePhone } from './usePhone';
import { listAccepted, listJournal, listPhones, numberOf, showPhone, showState } from './views';

export interface AdminCall {
	readonly query: URLSearchParams;
	readonly body: JsonObject;
	/** What follows the name of the route in the path. */
	readonly rest: string;
}

type AdminRoute = (call: AdminCall, inside: SandboxInside) => unknown;

const longestIdleMs = 60_000;

/** Every address of the admin plane: method and first part of the path. */
const routes: Readonly<Record<string, AdminRoute>> = {
	'GET state': (_call, inside) => showState(inside),
	'GET journal': ({ query }, inside) => listJournal(query, inside.journal),
	'GET accepted': ({ query }, inside) => listAccepted(query, inside.accepted),
	'GET phones': ({ query, rest }, inside) => (rest === '' ? listPhones(query, inside.residents) : showPhone(rest, inside.residents)),
	'GET idle': async ({ query }, { idle }) => ({ idle: await within(idle(), numberOf(query, 'timeoutMs', 10_000)) }),
	'GET knobs': (_call, { knobs }) => describeKnobs().map((knob) => ({ ...knob, value: knobs[knob.name as keyof typeof knobs] })),
	'POST knobs': ({ body }, { knobs }) => turnAgain(knobs, body),
	'GET webhook': (_call, { webhooks }) => webhooks.list(),
	'POST webhook': ({ body }, inside) => setWebhook(body, inside),
	'POST repeat': ({ body }, inside) => repeatWebhook(body, inside),
	'POST inbound': ({ body }, inside) => {
		const { resident, act, options } = readInbound(body, inside);
		return { id: inside.inbound.receive(resident, act, options) };
	},
	'POST phones': ({ body, rest }, inside) => usePhone(rest, body, inside),
	'POST account': ({ body }, inside) => changeAccount(body, inside),
	'POST templates': ({ body }, inside) => changeTemplate(body, inside),
	'GET templates': (_call, { templates }) => templates.all().map(({ layout: _layout, ...template }) => template),
	'GET faults': (_call, { faults }) => faults.list(),
	'POST faults': ({ body }, { faults }) => faults.script(body as Parameters<typeof faults.script>[0]),
	'DELETE faults': ({ rest }, { faults }) => {
		faults.clear(rest === '' ? undefined : Number(rest));
		return { faults: faults.list() };
	},
	'POST clock': ({ body }, inside) => setClock(body, inside),
	'POST reset': ({ body }, inside) => {
		inside.reset({ templates: body.keepTemplates === true });
		return { reset: true };
	},
};

/** Method and first part of the path of every address. */
export const adminRoutes: readonly string[] = Object.keys(routes);

/** The controls of the sandbox, on a port of their own and never under the API's. */
export class AdminPlane {
	constructor(private readonly inside: SandboxInside) {}

	readonly handle = async (request: HttpRequest): Promise<Answer> => {
		// Without a body a page elsewhere needs nobody's leave to post here.
		if (changesSomething(request) && isFromElsewhere(request)) return json({ message: 'The controls are for programs on this computer: a web page of another origin changes nothing here.' }, 403);
		const [name = '', ...rest] = request.path.slice(1).split('/');
		const route = routes[`${request.method} ${name}`];
		if (!route) return json({ message: `The admin plane has no ${request.method} ${request.path}.`, routes: Object.keys(routes) }, 404);
		if (!request.isText) return json({ message: 'The body is not valid UTF-8.' }, 400);
		const body = request.body === '' ? {} : parseJson(request.body);
		if (!isObject(body) || (request.body !== '' && !request.headers['content-type']?.startsWith('application/json'))) {
			return json({ message: `The body must be a JSON object of at most ${deepestNesting} levels with Content-Type application/json.` }, 400);
		}
		try {
			const answer = json(await route({ query: new URLSearchParams(request.query), body, rest: decodeURIComponent(rest.join('/')) }, this.inside));
			// The journal's answer is a list, which has no room for what is missing from it.
			return name === 'journal' ? { ...answer, headers: { ...answer.headers, 'X-Journal-Dropped': String(this.inside.journal.dropped) } } : answer;
		} catch (thrown) {
			return refusal(thrown);
		}
	};
}

function refusal(thrown: unknown): TextAnswer {
	if (thrown instanceof ZodError) return json({ message: thrown.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') }, 400);
	if (thrown instanceof AdminRefusal) return json({ message: thrown.message }, thrown.status);
	// Everything else that a route throws is a sentence about the given values (a bad address, a template limit).
	if (thrown instanceof Error) return json({ message: thrown.message }, 400);
	throw thrown;
}

async function within(work: Promise<void>, timeoutMs: number): Promise<boolean> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<boolean>((resolve) => {
		timer = setTimeout(() => resolve(false), Math.min(timeoutMs, longestIdleMs));
	});
	const done = await Promise.race([work.then(() => true), late]);
	clearTimeout(timer);
	return done;
}

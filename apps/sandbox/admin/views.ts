import type { AcceptedMessages } from '../cloudApi/acceptedMessages';
import { isObject, parseJson } from '../http/json';
import type { Journal, JournalKind } from '../journal';
import { viewPhone } from '../residents/phoneView';
import type { Residents } from '../residents/residents';
import type { SandboxInside } from '../sandbox';
import { AdminRefusal } from './adminRefusal';

const kinds: readonly string[] = ['request', 'response', 'webhook', 'handshake', 'feed'] satisfies JournalKind[];

export function showState({ settings, knobs, clock, journal, schedule, account, templates, residents, accepted, faults, webhooks, target }: SandboxInside): object {
	return {
		simulated: true,
		seed: settings.seed,
		now: new Date(clock.now()).toISOString(),
		skewMs: clock.skewMs,
		rate: clock.rate,
		webhook: { url: webhooks.url ?? null, waitingFor: target.waitingFor ?? null, subscribed: account.subscribed, ...webhooks.counts, busy: webhooks.busy },
		pending: schedule.pending,
		accepted: accepted.total,
		phones: residents.count,
		templates: templates.all().length,
		faults: faults.list().length,
		journal: journal.size,
		journalDropped: journal.dropped,
		knobs,
	};
}

/**
 * `kind` (one or more, with commas), `after` and `before` (sequence numbers), `method`, `status`, `path` and `text` (a part of
 * the path, of the body), `newest` (the last so many) and `limit`. Bodies that are JSON come parsed.
 */
export function listJournal(query: URLSearchParams, journal: Journal): object[] {
	const wanted = query.get('kind')?.split(',');
	for (const kind of wanted ?? []) if (!isKind(kind)) throw new AdminRefusal(`kind must be one of ${kinds.join(', ')}.`);
	const only = wanted?.length === 1 && isKind(wanted[0]) ? wanted[0] : undefined;
	const [method, path, text] = [query.get('method')?.toUpperCase(), query.get('path') ?? '', query.get('text') ?? ''];
	const [status, before, newest] = [numberOf(query, 'status', 0), numberOf(query, 'before', Infinity), numberOf(query, 'newest', Infinity)];
	const found = journal
		.entries({ ...(only && { kind: only }), after: numberOf(query, 'after', 0) })
		.filter(
			(entry) =>
				entry.sequence < before &&
				(!wanted || wanted.includes(entry.kind)) &&
				(method === undefined || entry.method === method) &&
				(status === 0 || entry.status === status) &&
				(entry.path ?? '').includes(path) &&
				(text === '' || (entry.body ?? '').includes(text)),
		);
	const shown = newest === Infinity ? found : found.slice(-newest);
	return shown.slice(0, numberOf(query, 'limit', 10_000)).map(({ at, body, ...entry }) => ({ ...entry, at: new Date(at).toISOString(), ...(body !== undefined && { body: readable(body) }) }));
}

/** `callback` (its beginning), `to`, `duplicates=1`, `limit`, `offset`. */
export function listAccepted(query: URLSearchParams, accepted: AcceptedMessages): object {
	const to = query.get('to')?.replace(/\D/g, '');
	const all = query.get('duplicates') ? accepted.duplicates() : accepted.entries();
	const found = all.filter((entry) => entry.callback.startsWith(query.get('callback') ?? '') && (to === undefined || entry.to === to));
	const offset = numberOf(query, 'offset', 0);
	return {
		total: accepted.total,
		dropped: accepted.dropped,
		pairs: found.length,
		duplicates: found.filter(({ count }) => count > 1).length,
		items: found.slice(offset, offset + numberOf(query, 'limit', 100_000)).map((entry) => ({ ...entry, to: `+${entry.to}` })),
	};
}

/** `limit`; the phones in the order in which they came up. */
export function listPhones(query: URLSearchParams, residents: Residents): object[] {
	const phones: object[] = [];
	const limit = numberOf(query, 'limit', 1000);
	for (const resident of residents.all()) {
		if (phones.length >= limit) break;
		if (!resident.onWall) continue;
		const { messages, ...phone } = viewPhone(resident);
		phones.push({ ...phone, messages: messages.length, received: messages.filter(({ from }) => from === 'council').length });
	}
	return phones;
}

export function showPhone(number: string, residents: Residents): object {
	const resident = residents.find(number.replace(/\D/g, ''));
	if (!resident) throw new AdminRefusal(`Nobody in this sandbox has the number ${number}.`, 404);
	return viewPhone(resident);
}

/** @throws AdminRefusal for what is no whole number */
export function numberOf(query: URLSearchParams, name: string, otherwise: number): number {
	const text = query.get(name);
	if (text === null) return otherwise;
	if (!/^\d+$/.test(text)) throw new AdminRefusal(`${name} must be a whole number.`);
	return Number(text);
}

function readable(body: string): unknown {
	// A body that is not JSON (a fault, a form) is shown as it went over the wire.
	const value = parseJson(body);
	return isObject(value) || Array.isArray(value) ? value : body;
}

function isKind(text: string | undefined): text is JournalKind {
	return text !== undefined && kinds.includes(text);
}

import type { ShownPhone } from '../../../apps/sandbox/phones/shownPhone';
import type { Wall } from '../../../apps/sandbox/phones/wall';
import type { MessageContent } from '../../../apps/sandbox/residents/messageContent';
import type { Sandbox } from '../../../apps/sandbox/sandbox';

export interface Reply {
	status: number;
	body: { message?: string; said?: string; id?: string; number?: string };
}

export async function post(sandbox: Sandbox, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
	const response = await fetch(`${sandbox.phones}/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });
	return { status: response.status, body: (await response.json()) as Reply['body'] };
}

/** What somebody at the page does with the phone of this number. */
export function act(sandbox: Sandbox, number: string, body: Record<string, unknown>): Promise<Reply> {
	return post(sandbox, 'act', { number, ...body });
}

export async function wall(sandbox: Sandbox, query = ''): Promise<Wall & { clock: { now: number; rate: number } }> {
	return (await (await fetch(`${sandbox.phones}/wall?${query}`)).json()) as Wall & { clock: { now: number; rate: number } };
}

export async function phoneOf(sandbox: Sandbox, number: string): Promise<ShownPhone> {
	const { phone } = (await (await fetch(`${sandbox.phones}/phone?${new URLSearchParams({ number })}`)).json()) as { phone: ShownPhone };
	return phone;
}

type Value = Record<string, unknown> & { messages?: Array<Record<string, unknown>>; statuses?: Array<Record<string, unknown>> };

/** What would have gone out as webhooks if there were an address, in order. */
export function told(sandbox: Sandbox): Array<{ field: string; value: Value }> {
	return sandbox.journal.entries({ kind: 'webhook' }).map(({ body }) => JSON.parse(body ?? '') as { field: string; value: Value });
}

/** The residents' messages among it. */
export function written(sandbox: Sandbox): Array<Record<string, unknown>> {
	return told(sandbox).flatMap(({ value }) => value.messages ?? []);
}

/** Names of the statuses of a message, in the order in which they were told. */
export function statusesOf(sandbox: Sandbox, id: string | undefined): unknown[] {
	return told(sandbox).flatMap(({ value }) => value.statuses ?? []).filter((status) => status.id === id).map(({ status }) => status);
}

/** Puts a message of the council on a phone, past the API. @returns its id */
export function put(sandbox: Sandbox, number: string, content: Partial<MessageContent>): string {
	const resident = sandbox.residents.at(number.slice(1));
	const id = `wamid.test${resident.thread.length}`;
	resident.accepted++;
	resident.add({ id, from: 'council', at: sandbox.clock.now(), content: { body: '', buttons: [], ...content }, tick: 'delivered' });
	return id;
}

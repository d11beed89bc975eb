import type { Sandbox } from '../../../apps/sandbox/sandbox';

export interface Reply {
	status: number;
	headers: Headers;
	// The tests assert on what is in it.
	body: { [key: string]: unknown; error?: GraphErrorBody; data?: Array<Record<string, unknown>>; messages?: Array<Record<string, string>>; paging?: { next?: string; cursors: Record<string, string> } };
}

export interface GraphErrorBody {
	code: number;
	message: string;
	type: string;
	error_subcode?: number;
	error_data?: { messaging_product: string; details: string };
	fbtrace_id: string;
}

export async function graph(sandbox: Sandbox, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
	const response = await fetch(path.startsWith('http') ? path : `${sandbox.api}/${path}`, {
		method,
		headers: { Authorization: `Bearer ${sandbox.token}`, ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
		...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
	});
	return { status: response.status, headers: response.headers, body: (await response.json()) as Reply['body'] };
}

export function send(sandbox: Sandbox, message: Record<string, unknown>): Promise<Reply> {
	return graph(sandbox, 'POST', `v25.0/${sandbox.phoneNumberId}/messages`, { messaging_product: 'whatsapp', ...message });
}

export interface GrittingParameters {
	routes?: string;
	time?: string;
	note?: string;
}

/** A `gritting_notice` as a council would send it. */
export function grittingNotice(to: string, { routes = 'Harbour Road', time = '18:00', note = 'Pavements are not treated.' }: GrittingParameters = {}): Record<string, unknown> {
	const parameters = Object.entries({ routes, time, note }).map(([parameter_name, text]) => ({ type: 'text', parameter_name, text }));
	return { to, type: 'template', template: { name: 'gritting_notice', language: { code: 'en_GB' }, components: [{ type: 'body', parameters }] } };
}

export async function admin(sandbox: Sandbox, method: string, path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> & unknown[] }> {
	const response = await fetch(`${sandbox.admin}/${path}`, { method, ...(body !== undefined && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }) });
	return { status: response.status, body: (await response.json()) as Record<string, unknown> & unknown[] };
}

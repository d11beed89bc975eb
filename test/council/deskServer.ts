import { createServer, type Server } from 'node:http';
import type { Desk } from '../../core/desk/desk';
import type { DeskRequest, DeskResponse } from '../../core/desk/deskResponse';

/** The desk behind plain HTTP, as the receiver will serve it. @param path what a proxy puts before the desk's own addresses */
export function serveDesk(desk: Desk, path = ''): Promise<Server> {
	return servePages((request, place) => (place === 'desk' ? desk.page(request) : desk.webhook(request)), path);
}

/** Answers requests below `path` on a free port of this machine; anything else is not found. */
export async function servePages(answer: (request: DeskRequest, place: string) => Promise<DeskResponse>, path = ''): Promise<Server> {
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const rawBody = Buffer.concat(chunks);
			const url = new URL(request.url ?? '/', 'http://desk');
			if (!url.pathname.startsWith(`${path}/`)) return void response.writeHead(404).end();
			const [, place = '', token] = url.pathname.slice(path.length).split('/');
			const asked = {
				method: request.method ?? 'GET',
				token: place === 'desk' ? decodeURIComponent(token ?? '') : undefined,
				query: Object.fromEntries(url.searchParams),
				header: (name: string) => {
					const found = request.headers[name];
					return Array.isArray(found) ? found[0] : found;
				},
				rawBody,
				form: Object.fromEntries(new URLSearchParams(rawBody.toString('utf8'))),
			};
			answer(asked, place).then(
				({ status, headers, body }) => response.writeHead(status, headers).end(body),
				(thrown: unknown) => response.writeHead(500).end(String(thrown)),
			);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return server;
}

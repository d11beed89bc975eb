import { createServer } from 'node:net';

/** The port itself when nothing listens on it, otherwise 0, which lets the system choose. */
export function preferPort(port: number): Promise<number> {
	return new Promise((resolve) => {
		const probe = createServer();
		probe.once('error', () => resolve(0));
		probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(port)));
	});
}

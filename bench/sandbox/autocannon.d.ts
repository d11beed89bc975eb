/** What this bench uses of autocannon, which comes without types. */
declare module 'autocannon' {
	interface Request {
		method: string;
		path: string;
		headers: Record<string, string>;
		body: string;
	}
	interface Client {
		setRequests(requests: Request[]): void;
	}
	interface Result {
		'2xx': number;
		non2xx: number;
		errors: number;
		timeouts: number;
		/** Seconds. */
		duration: number;
		/** Milliseconds. */
		latency: { p50: number; p99: number };
	}
	function autocannon(options: { url: string; connections: number; duration: number; requests?: Request[]; setupClient?: (client: Client) => void }): Promise<Result>;
	export = autocannon;
}

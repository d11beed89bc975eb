import type { TextAnswer } from '../../http/listener';
import type { Knobs } from '../../knobs';
import type { GraphCall, GraphRoute } from '../cloudApi';
import { GraphError } from '../graphError';

const hourMs = 60 * 60 * 1000;

/**
 * How often an app may call the business account and its edges in a rolling hour (Meta, "Rate limits": 200 calls, or
 * 5,000 for an account with a registered number).
 */
export class ManagementCalls {
	/** When the calls of the last hour came, oldest first. */
	private times: number[] = [];
	private oldest = 0;

	/** @param now milliseconds of the sandbox's time, which only ever go on */
	constructor(
		private readonly knobs: Pick<Knobs, 'managementCallsPerHour' | 'managementLimitStatus' | 'numberRegistered'>,
		private readonly accountId: string,
		private readonly now: () => number,
	) {}

	/**
	 * Counts a call.
	 *
	 * @returns the headers of its answer
	 * @throws GraphError 80007
	 */
	admit(): Record<string, string> {
		const now = this.now();
		while (this.oldest < this.times.length && now - (this.times[this.oldest] as number) >= hourMs) this.oldest++;
		if (this.oldest > 1000) {
			this.times = this.times.slice(this.oldest);
			this.oldest = 0;
		}
		const most = this.knobs.numberRegistered ? this.knobs.managementCallsPerHour : Math.min(200, this.knobs.managementCallsPerHour);
		const used = this.times.length - this.oldest;
		if (used >= most) {
			const minutes = Math.ceil(((this.times[this.oldest] as number) + hourMs - now) / 60_000);
			throw new GraphError(80007, undefined, { message: '(#80007) There have been too many calls to this WhatsApp Business account. Wait a bit and try again.', status: this.knobs.managementLimitStatus, headers: this.usage(100, minutes) });
		}
		this.times.push(now);
		return this.usage(Math.ceil(((used + 1) * 100) / most), 0);
	}

	clear(): void {
		this.times = [];
		this.oldest = 0;
	}

	/** Percentages of what is allowed, and minutes (Meta, "Rate limits": business use case usage). */
	private usage(share: number, minutes: number): Record<string, string> {
		const usage = [{ type: 'whatsapp', call_count: share, total_cputime: Math.ceil(share / 4), total_time: Math.ceil(share / 4), estimated_time_to_regain_access: minutes }];
		return { 'X-Business-Use-Case-Usage': JSON.stringify({ [this.accountId]: usage }) };
	}
}

/** Counts the calls that a route answers, and tells in their answers how many are left. */
export function counted(calls: ManagementCalls, counts: (call: GraphCall) => boolean, route: GraphRoute): GraphRoute {
	return (call) => {
		if (!counts(call)) return route(call);
		const headers = calls.admit();
		const answer = route(call);
		const marked = (plain: TextAnswer): TextAnswer => ({ ...plain, headers: { ...plain.headers, ...headers } });
		return answer instanceof Promise ? answer.then(marked) : answer && marked(answer);
	};
}

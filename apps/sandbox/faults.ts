import { z } from 'zod';
import type { SeededRandom } from './seededRandom';

/**
 * A scripted fault. By default it strikes message sends, every time; `times`, `probability` and `to` narrow it.
 * `accepted` says whether the call takes effect before its answer is spoilt: with `true`, the message is on its way and
 * the client cannot know.
 */
export const faultSchema = z
	.object({
		kind: z.enum(['delay', 'reset-before', 'reset-after', 'html-500', 'malformed-json', 'rate-limited', 'graph-error']),
		on: z.enum(['messages', 'any']).default('messages'),
		/** Only for this recipient (digits are compared). */
		to: z.string().optional(),
		times: z.number().int().positive().optional(),
		probability: z.number().min(0).max(1).default(1),
		/** For `delay`: milliseconds to hold the call (or, with `accepted`, its answer). */
		ms: z.number().min(0).max(600_000).default(1000),
		accepted: z.boolean().optional(),
		/** For `rate-limited`: seconds in the Retry-After header; none without. */
		retryAfter: z.number().int().min(0).optional(),
		/** For `graph-error`. */
		code: z.number().int().optional(),
	})
	.strict()
	.refine(({ kind, code }) => kind !== 'graph-error' || code !== undefined, 'graph-error needs a code');

export type FaultScript = z.infer<typeof faultSchema>;

export interface Fault extends FaultScript {
	readonly id: number;
	/** How often it has struck. */
	struck: number;
}

/** Faults in the order in which they were scripted; for one call, the first that matches strikes. */
export class Faults {
	private faults: Fault[] = [];
	private nextId = 1;
	private asked = 0;

	constructor(private readonly random: SeededRandom) {}

	/** @throws ZodError */
	script(fault: z.input<typeof faultSchema>): Fault {
		const scripted = { ...faultSchema.parse(fault), id: this.nextId++, struck: 0 };
		this.faults.push(scripted);
		return scripted;
	}

	list(): readonly Fault[] {
		return this.faults;
	}

	/** Forgets one fault, or all. */
	clear(id?: number): void {
		this.faults = id === undefined ? [] : this.faults.filter((fault) => fault.id !== id);
	}

	/**
	 * @param isSend whether the call sends a message
	 * @param recipient digits of the call's recipient; only asked for when a fault wants to know
	 */
	strike(isSend: boolean, recipient: () => string | undefined): Fault | undefined {
		if (this.faults.length === 0) return undefined;
		const draw = this.asked++;
		const fault = this.faults.find((candidate) => this.matches(candidate, isSend, recipient, draw));
		if (fault) fault.struck++;
		return fault;
	}

	private matches(fault: Fault, isSend: boolean, recipient: () => string | undefined, draw: number): boolean {
		if (fault.times !== undefined && fault.struck >= fault.times) return false;
		if (fault.on === 'messages' && !isSend) return false;
		if (fault.to !== undefined && fault.to.replace(/\D/g, '') !== recipient()) return false;
		return fault.probability === 1 || this.random.share(String(fault.id), 'fault', draw) < fault.probability;
	}
}

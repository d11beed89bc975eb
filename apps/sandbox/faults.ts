import { z } from 'zod';
import { isGraphCode, type GraphCode } from './cloudApi/graphError';
import type { SeededRandom } from './seededRandom';

/**
 * A scripted fault. By default it strikes message sends, every time; `times`, `probability` and `to` narrow it.
 * `accepted` says whether the call takes effect before its answer is spoilt: with `true`, the message is on its way and
 * the client cannot know.
 */
export const faultSchema = z
	.object({
		kind: z.enum(['delay', 'reset-before', 'reset-after', 'cut-off', 'html-500', 'server-error', 'malformed-json', 'rate-limited', 'graph-error', 'fails-later']),
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
		/** For `graph-error`, of Meta's or made up; for `rate-limited`, 130429 by default; for `fails-later`, 131026 by default. */
		code: z.number().int().positive().optional(),
		/** HTTP status: for `server-error`, 503 by default; for `graph-error`, what the code usually has. */
		status: z.number().int().min(400).max(599).optional(),
		/** For `server-error`. */
		body: z.enum(['empty', 'html', 'text']).default('empty'),
	})
	.strict()
	.refine(({ kind, code }) => kind !== 'graph-error' || code !== undefined, 'graph-error needs a code');

export type FaultScript = z.infer<typeof faultSchema>;

export interface Fault extends FaultScript {
	readonly id: number;
	/** How often it has struck. */
	struck: number;
}

/** A fault that spoils an answer. */
export type AnswerFault = Fault & { readonly kind: Exclude<FaultScript['kind'], 'fails-later'> };

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
	strike(isSend: boolean, recipient: () => string | undefined): AnswerFault | undefined {
		if (this.faults.length === 0) return undefined;
		const draw = this.asked++;
		const fault = this.faults.filter(spoilsAnswer).find((candidate) => this.matches(candidate, isSend, recipient, draw));
		if (fault) fault.struck++;
		return fault;
	}

	/**
	 * With which code a message that the API accepts is to fail, if any.
	 *
	 * @param recipient digits
	 */
	laterFailure(recipient: string): GraphCode | undefined {
		if (this.faults.length === 0) return undefined;
		const draw = this.asked++;
		const fault = this.faults.find((candidate) => candidate.kind === 'fails-later' && this.matches(candidate, true, () => recipient, draw));
		if (!fault) return undefined;
		fault.struck++;
		return fault.code !== undefined && isGraphCode(fault.code) ? fault.code : 131026;
	}

	private matches(fault: Fault, isSend: boolean, recipient: () => string | undefined, draw: number): boolean {
		if (fault.times !== undefined && fault.struck >= fault.times) return false;
		if (fault.on === 'messages' && !isSend) return false;
		if (fault.to !== undefined && fault.to.replace(/\D/g, '') !== recipient()) return false;
		return fault.probability === 1 || this.random.share(String(fault.id), 'fault', draw) < fault.probability;
	}
}

function spoilsAnswer(fault: Fault): fault is AnswerFault {
	return fault.kind !== 'fails-later';
}

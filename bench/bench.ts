/** One measured value beside its peer or its limit, both from the same run. */
export interface Figure {
	/** In `unit`. */
	value: number;
	unit: string;
	/** What the peer reached, in the same unit. */
	baseline: number;
	/** `value / baseline`. */
	ratio: number;
	/** Such as `value >= 3000` or `ratio <= 1.5`; null where the figure is there to be seen. */
	goal: string | null;
}

export interface Goal {
	of: 'value' | 'ratio';
	is: '>=' | '<=';
	limit: number;
}

export interface BenchOption {
	default: number;
	meaning: string;
}

/** One run of a bench. */
export interface BenchResult {
	figures: Record<string, Figure>;
	/** What helps to judge the figures, a sentence each. */
	notes: string[];
}

export interface Bench<Option extends string = string> {
	name: string;
	/** What is measured beside what, for `--help`. */
	measures: string;
	options: Record<Option, BenchOption>;
	/** @throws Error when what was measured did not really happen, so that its time means nothing */
	run(options: Record<Option, number>, say: (progress: string) => void): Promise<BenchResult>;
}

export function figure(value: number, unit: string, baseline: number, goal?: Goal): Figure {
	return { value: rounded(value), unit, baseline: rounded(baseline), ratio: rounded(value / baseline), goal: goal === undefined ? null : `${goal.of} ${goal.is} ${goal.limit}` };
}

/** Whether a figure keeps its goal, as `figure` wrote it; undefined where it has none. */
export function keepsGoal({ value, ratio, goal }: Figure): boolean | undefined {
	if (goal === null) return undefined;
	const [of, is, limit] = goal.split(' ');
	const measured = of === 'value' ? value : ratio;
	return is === '>=' ? measured >= Number(limit) : measured <= Number(limit);
}

/** The middle of several rounds, so that what else the machine did in one of them counts for nothing. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((one, other) => one - other);
	const middle = Math.floor(sorted.length / 2);
	const [low = Number.NaN, high = Number.NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
	return (low + high) / 2;
}

/** Three significant digits: what differs below that is chance. Whole numbers stay whole. */
function rounded(value: number): number {
	return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

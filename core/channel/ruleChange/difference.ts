/**
 * What a changed rule does to what may leave. `loosens`: it permits something that was not permitted, or nobody can tell that
 * it does not. `neutral`: it changes neither what may leave, nor to whom, nor by whose word.
 */
export type Direction = 'tightens' | 'loosens' | 'neutral';

/** One change of one rule, for a person to read. */
export interface RuleDifference {
	/** As the form of the credential names it: `'Sign-Offs Needed'`. */
	field: string;
	/** In words. */
	before: string;
	after: string;
	direction: Direction;
}

/** Two values of one rule, set beside each other. */
export interface Comparison<Value> {
	differences: RuleDifference[];
	/** What may take effect at once: permits nothing that the value in force does not. */
	atOnce: Value;
}

export type Compare<Value> = (inForce: Value, proposed: Value) => Comparison<Value>;

/** One forward step of the schema. Steps are numbered from 1 without gaps and never edited once released. */
export interface Migration {
	version: number;
	/** Statements for every store. `CREATE TABLE` gets the store's own dress (SQLite: STRICT). */
	statements: string[];
	/** Whether tables are made anew: SQLite then lets go of foreign keys for the step, and they are checked at its end. */
	rebuilds?: true;
	/** Statements for SQLite alone. */
	sqlite: string[];
}

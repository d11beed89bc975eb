/** One forward step of the schema. Steps are numbered from 1 without gaps and never edited once released. */
export interface Migration {
	version: number;
	/** Statements for every store. `CREATE TABLE` gets the store's own dress (SQLite: STRICT). */
	statements: string[];
	/** Statements for SQLite alone. */
	sqlite: string[];
}

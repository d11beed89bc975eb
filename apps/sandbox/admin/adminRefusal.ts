/** A sentence for the person at the controls. */
export class AdminRefusal extends Error {
	constructor(
		message: string,
		readonly status = 400,
	) {
		super(message);
	}
}

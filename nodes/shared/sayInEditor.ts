import { UserError } from 'n8n-workflow';
import { isCivicError } from '../../core/errors';

/** Asks for a list or a form while somebody edits a node. n8n shows the first text only, so the way on goes into it. */
export function sayInEditor<T>(ask: () => Promise<T>): Promise<T> {
	return ask().catch((thrown: unknown) => {
		throw isCivicError(thrown) ? new UserError(`${thrown.message} ${thrown.hint}`, { cause: thrown }) : thrown;
	});
}

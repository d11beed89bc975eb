import type { IExecuteFunctions } from 'n8n-workflow';
import { CivicError } from '../../core/errors';

/**
 * A field that n8n asks for, and that an expression may leave empty all the same.
 * @param label what the form calls it
 * @param source who puts the value out, as in “Media: Upload”
 * @throws CivicError input.invalid when it is empty
 */
export function requiredText(context: IExecuteFunctions, itemIndex: number, name: string, label: string, source: string): string {
	const text = String(context.getNodeParameter(name, itemIndex, '') ?? '').trim();
	if (text !== '') return text;
	throw new CivicError('input.invalid', `'${label}' is empty.`, `Give the ID that ${source} put out. An expression may name a field that does not exist.`);
}

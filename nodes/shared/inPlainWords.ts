import { isCivicError } from '../../core/errors';

/** What was thrown, for n8n's log: the words only, never a stack or what the words are about. */
export function inPlainWords(thrown: unknown): string {
	if (isCivicError(thrown)) return `${thrown.message} ${thrown.hint}`;
	return thrown instanceof Error ? thrown.message : String(thrown);
}

import { textContent } from '../../residents/messageContent';
import { invalidParameter } from '../graphError';
import { booleanAt, objectAt, onlyKeys, textAt } from '../objectShape';
import type { ReadFamily } from './family';

const keys = new Set(['body', 'preview_url']);
const longestBody = 4096;

/** `type: text` (Meta, "Text messages"). */
export const readText: ReadFamily = (body) => {
	const text = objectAt(body, 'text', 'text');
	onlyKeys(text, keys, 'text');
	const written = textAt(text, 'body', 'text.body');
	if (written.length > longestBody) throw invalidParameter(`Param text['body'] must be at most ${longestBody} characters long.`);
	booleanAt(text, 'preview_url', 'text.preview_url');
	return () => ({ content: textContent(written) });
};

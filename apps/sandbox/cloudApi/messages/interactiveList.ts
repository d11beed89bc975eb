import { GraphError } from '../graphError';
import { missing, objectsAt, onlyKeys, optionalShortTextAt, shortTextAt } from '../objectShape';
import type { InteractiveKind } from './interactive';
import { unique } from './interactiveReplyButtons';

const mostSections = 10;
const mostRows = 10;

/** `interactive.type: list` (Meta, "Interactive list messages"). */
export const readList: InteractiveKind = {
	longestBody: 4096,
	headers: new Set(['text']),
	footer: true,
	readAction(action) {
		onlyKeys(action, new Set(['button', 'sections']), 'interactive.action');
		const button = shortTextAt(action, 'button', 'interactive.action.button', 20);
		const given = objectsAt(action, 'sections', 'interactive.action.sections');
		if (given.length === 0) throw missing('interactive.action.sections');
		if (given.length > mostSections) throw new GraphError(131009, `Total section count exceed max allowed count: ${mostSections}`);
		const sections = given.map((section, index) => {
			const path = `interactive.action.sections[${index}]`;
			onlyKeys(section, new Set(['title', 'rows']), path);
			const title = given.length > 1 ? shortTextAt(section, 'title', `${path}.title`, 24) : optionalShortTextAt({ title: section.title || undefined }, 'title', `${path}.title`, 24);
			const rows = objectsAt(section, 'rows', `${path}.rows`).map((row, nth) => {
				const rowPath = `${path}.rows[${nth}]`;
				onlyKeys(row, new Set(['id', 'title', 'description']), rowPath);
				const description = optionalShortTextAt({ description: row.description === '' ? undefined : row.description }, 'description', `${rowPath}.description`, 72);
				return { id: shortTextAt(row, 'id', `${rowPath}.id`, 200), title: shortTextAt(row, 'title', `${rowPath}.title`, 24), ...(description && { description }) };
			});
			if (rows.length === 0) throw missing(`${path}.rows`);
			return { ...(title && { title }), rows };
		});
		const rows = sections.flatMap((section) => section.rows);
		if (rows.length > mostRows) throw new GraphError(131009, `Total row count exceed max allowed count: ${mostRows}`);
		unique(rows.map(({ id }) => id), 'row ids');
		return { list: { button, sections } };
	},
};

import type { MessageButton } from '../../residents/messageContent';
import { GraphError, invalidParameter } from '../graphError';
import { missing, objectAt, objectsAt, onlyKeys, shortTextAt, textAt } from '../objectShape';
import type { InteractiveKind } from './interactive';

const most = 3;
const longestTitle = 20;
const longestId = 256;

/** `interactive.type: button` (Meta, "Interactive reply buttons messages"). */
export const readReplyButtons: InteractiveKind = {
	longestBody: 1024,
	headers: new Set(['text', 'image', 'video', 'document']),
	footer: true,
	readAction(action) {
		onlyKeys(action, new Set(['buttons']), 'interactive.action');
		const given = objectsAt(action, 'buttons', 'interactive.action.buttons');
		if (given.length === 0) throw missing('interactive.action.buttons');
		if (given.length > most) throw new GraphError(131009, `Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: ${most}`);
		const buttons = given.map((button, index): MessageButton & { kind: 'reply' } => {
			const path = `interactive.action.buttons[${index}]`;
			onlyKeys(button, new Set(['type', 'reply']), path);
			if (textAt(button, 'type', `${path}.type`) !== 'reply') throw invalidParameter(`Param ${path}.type must be one of {REPLY}`);
			const reply = objectAt(button, 'reply', `${path}.reply`);
			onlyKeys(reply, new Set(['id', 'title']), `${path}.reply`);
			return { kind: 'reply', text: shortTextAt(reply, 'title', `${path}.reply.title`, longestTitle), id: shortTextAt(reply, 'id', `${path}.reply.id`, longestId) };
		});
		unique(buttons.map(({ text }) => text), 'button titles');
		unique(buttons.map(({ id }) => id), 'button ids');
		return { buttons };
	},
};

/** @throws GraphError 131009 when one of them is there twice */
export function unique(values: readonly string[], what: string): void {
	if (new Set(values).size < values.length) throw new GraphError(131009, `Duplicated ${what} are not allowed`);
}

import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { CivicError } from '../../../core/errors';
import type { ListSection } from '../../../core/whatsapp/messages/list';
import { personField, quoteField } from '../../shared/personFields';
import { optionalText, rowsOf } from '../../shared/textOption';
import { sendToPerson, type DirectContent } from './direct';
import { answerFields, frameOptions, interactiveTypeField } from './interactiveFields';

export const value = 'sendInteractive';

const fields: INodeProperties[] = [
	personField,
	interactiveTypeField,
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		required: true,
		placeholder: 'e.g. How can we help?',
		description: 'At most 1,024 characters; above a list 4,096',
		hint: 'Reaches people for 24 hours after they wrote.',
	},
	...answerFields,
	{ displayName: 'Options', name: 'options', type: 'collection', placeholder: 'Add option', default: {}, options: [...frameOptions, quoteField] },
];

export const description = updateDisplayOptions({ show: { resource: ['message'], operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	return sendToPerson(context, itemIndex, contentOf(context, itemIndex));
}

function contentOf(context: IExecuteFunctions, itemIndex: number): DirectContent {
	const text = (name: string) => String(context.getNodeParameter(name, itemIndex, '') ?? '');
	const rows = (name: string, entry: string) => rowsOf(context.getNodeParameter(name, itemIndex, {}), entry);
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const [header, footer] = [optionalText(options.header), optionalText(options.footer)];
	const frame = { body: text('text'), ...(header === undefined ? {} : { header: { type: 'text' as const, text: header } }), ...(footer === undefined ? {} : { footer }) };
	switch (text('interactiveType')) {
		case 'buttons':
			return { type: 'buttons', ...frame, buttons: rows('buttons', 'button').map(answerOf) };
		case 'link':
			return { type: 'link', ...frame, displayText: text('linkText'), url: text('linkUrl').trim() };
		case 'list':
			return { type: 'list', ...frame, button: text('menuLabel'), sections: sectionsOf(rows('rows', 'row')) };
		case 'locationRequest':
			if (header !== undefined || footer !== undefined) throw new CivicError('input.invalid', 'A location request has neither header nor footer.', 'Leave both out, or put the words into the text.');
			return { type: 'locationRequest', body: frame.body };
		default:
			throw new CivicError('input.invalid', "'Type' is none of those that the node offers.", 'Choose Buttons, Link, List or Location Request.');
	}
}

function answerOf(row: Record<string, unknown>): { id: string; title: string } {
	const title = String(row.title ?? '');
	return { title, id: optionalText(row.id) ?? title };
}

/** Sections in the order in which they first appear. */
function sectionsOf(rows: Array<Record<string, unknown>>): ListSection[] {
	const sections = new Map<string, ListSection>();
	for (const row of rows) {
		const title = optionalText(row.section);
		const section = sections.get(title ?? '') ?? { ...(title === undefined ? {} : { title }), rows: [] };
		const words = optionalText(row.description);
		section.rows.push({ ...answerOf(row), ...(words === undefined ? {} : { description: words }) });
		sections.set(title ?? '', section);
	}
	return [...sections.values()];
}

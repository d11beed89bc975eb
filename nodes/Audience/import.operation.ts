import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { importColumns, importCsv, type ColumnMapping } from '../../core/audience';
import { CivicError } from '../../core/errors';
import { systemClock } from '../../core/world';
import { openStore } from '../shared/openStore';

export const value = 'import';

const fields: INodeProperties[] = [
	{
		displayName: 'From',
		name: 'from',
		type: 'options',
		options: [
			{ name: 'File', value: 'file', description: 'A CSV file that an earlier node holds' },
			{ name: 'Text', value: 'text', description: 'CSV as text' },
		],
		default: 'file',
	},
	{
		displayName: 'Input Binary Field',
		name: 'binaryProperty',
		type: 'string',
		displayOptions: { show: { from: ['file'] } },
		default: 'data',
		required: true,
		hint: 'The name of the input field containing the file to be imported',
	},
	{
		displayName: 'CSV',
		name: 'csv',
		type: 'string',
		typeOptions: { rows: 6 },
		displayOptions: { show: { from: ['text'] } },
		default: '',
		required: true,
		placeholder: 'e.g. name,phone,topics,area,consent source,consent date',
	},
	{
		displayName: 'Source',
		name: 'source',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. Winter roads sign-up form',
		description: 'Where the list comes from; kept as evidence of consent',
	},
	{
		displayName: 'Imported By',
		name: 'importedBy',
		type: 'string',
		default: '',
		placeholder: 'e.g. Priya Raman',
		description: 'Who brings the list; stands in the ledger',
	},
	{
		displayName: 'Columns',
		name: 'columns',
		type: 'collection',
		placeholder: 'Add column',
		default: {},
		description: 'Which column of the file holds what, where its heading differs',
		options: [
			{ displayName: 'Areas', name: 'areas', type: 'string', default: '', placeholder: 'e.g. Gritting route' },
			{ displayName: 'Consent Date', name: 'consentDate', type: 'string', default: '', placeholder: 'e.g. Signed up on' },
			{ displayName: 'Consent Source', name: 'consentSource', type: 'string', default: '', placeholder: 'e.g. Form' },
			{ displayName: 'Language', name: 'language', type: 'string', default: '', placeholder: 'e.g. Language' },
			{ displayName: 'Name', name: 'name', type: 'string', default: '', placeholder: 'e.g. Full name' },
			{ displayName: 'Phone', name: 'phone', type: 'string', default: '', placeholder: 'e.g. Mobile' },
			{ displayName: 'Topics', name: 'topics', type: 'string', default: '', placeholder: 'e.g. Alerts' },
		],
	},
];

export const description = updateDisplayOptions({ show: { operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const store = await openStore(context);
	const text = (name: string) => String(context.getNodeParameter(name, itemIndex, '') ?? '');
	const report = await importCsv(store, {
		content: text('from') === 'text' ? text('csv') : await context.helpers.getBinaryDataBuffer(itemIndex, text('binaryProperty')),
		source: requireSource(text('source').trim()),
		importedBy: text('importedBy').trim() || undefined,
		columns: readColumns(context.getNodeParameter('columns', itemIndex, {}) as IDataObject),
		now: systemClock.now(),
	});
	return report as unknown as IDataObject;
}

/** n8n asks for the field, but an expression in it may come to nothing. */
function requireSource(source: string): string {
	if (source !== '') return source;
	throw new CivicError('input.invalid', "'Source' is empty.", 'Say where the list comes from, such as "Winter roads sign-up form": it is kept as evidence of consent. Nothing was imported.');
}

function readColumns(given: IDataObject): ColumnMapping {
	const named = Object.keys(importColumns).map((field) => [field, String(given[field] ?? '').trim()]);
	return Object.fromEntries(named.filter(([, column]) => column !== ''));
}

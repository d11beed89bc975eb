import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { CivicError } from '../../../core/errors';
import { personField, quoteField } from '../../shared/personFields';
import { optionalText } from '../../shared/textOption';
import { sendToPerson } from './direct';

export const value = 'sendLocation';

const fields: INodeProperties[] = [
	personField,
	{
		displayName: 'Latitude',
		name: 'latitude',
		type: 'number',
		typeOptions: { minValue: -90, maxValue: 90, numberPrecision: 7 },
		default: 0,
		required: true,
		description: 'Degrees north; south is negative',
	},
	{
		displayName: 'Longitude',
		name: 'longitude',
		type: 'number',
		typeOptions: { minValue: -180, maxValue: 180, numberPrecision: 7 },
		default: 0,
		required: true,
		description: 'Degrees east; west is negative',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Address',
				name: 'address',
				type: 'string',
				default: '',
				placeholder: 'e.g. 1 Market Square, Aldersea',
				description: 'Shown only together with a name',
			},
			{
				displayName: 'Name',
				name: 'name',
				type: 'string',
				default: '',
				placeholder: 'e.g. Aldersea Library',
				description: 'What the place is called',
			},
			quoteField,
		],
	},
];

export const description = updateDisplayOptions({ show: { resource: ['message'], operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const [name, address] = [optionalText(options.name), optionalText(options.address)];
	const [latitude, longitude] = [degrees(context.getNodeParameter('latitude', itemIndex)), degrees(context.getNodeParameter('longitude', itemIndex))];
	if (latitude === 0 && longitude === 0) throw new CivicError('input.invalid', "'Latitude' and 'Longitude' are as n8n puts them into a new node.", 'Enter the degrees of the place, such as 53.2837 and -3.83. Nothing was sent.');
	return sendToPerson(context, itemIndex, {
		type: 'location',
		latitude,
		longitude,
		...(name === undefined ? {} : { name }),
		...(address === undefined ? {} : { address }),
	});
}

/** An expression that found nothing is no place, least of all 0° 0°. */
function degrees(value: unknown): number {
	return value === null || value === undefined || value === '' ? Number.NaN : Number(value);
}

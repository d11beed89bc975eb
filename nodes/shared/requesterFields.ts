import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { CivicError } from '../../core/errors';
import { parseContributor, signedInRequester, type Contributor, type Requester } from '../../core/message/draftPeople';
import { startedBy } from './startedBy';

/** Who asks for a draft: the person who is signed in to the flow's form, or somebody whom the flow names. */
export const requesterFields: INodeProperties[] = [
	{
		displayName: 'Requested By',
		name: 'requester',
		type: 'options',
		options: [
			{
				name: 'Named Here',
				value: 'named',
				description: 'Whoever is named below. Nothing shows that they asked, so one approver more has to sign.',
			},
			{
				name: 'Signed-In Form User',
				value: 'signedIn',
				description: 'Whoever submitted the form that started the flow, with its "Authentication" set to "n8n User Auth". Where no such form did, whoever is named below.',
			},
		],
		default: 'signedIn',
		description: 'Who asks for the broadcast. They cannot sign it off. One approver more has to sign where nothing shows that they asked: in a test run, on a schedule, or by name alone.',
	},
	{
		displayName: 'Requester Name',
		name: 'requestedBy',
		type: 'string',
		default: '',
		placeholder: 'e.g. Priya Raman',
		description: 'Who asks when nobody signed in. For a flow that starts by itself, what starts it, such as "Forecast schedule".',
	},
	{
		displayName: 'Requester Email',
		name: 'requesterEmail',
		type: 'string',
		default: '',
		placeholder: 'e.g. priya.raman@aldersea.example',
		description: 'Tells the named requester from the approvers. Fill it in whenever it is known.',
	},
];

export interface Asker {
	requester: Requester;
	/** Somebody else who is known to have a part in the draft. */
	others: Contributor[];
	/** Why it is not known that the requester asked, in words; null when it is. */
	because: string | null;
}

/** @throws CivicError input.invalid when nobody signed in and nobody is named */
export async function readRequester(context: IExecuteFunctions, itemIndex: number): Promise<Asker> {
	const start = await startedBy(context);
	const chosen = context.getNodeParameter('requester', itemIndex, 'signedIn');
	const user = start.user === null ? null : signedInRequester(start.user);
	if (user !== null && chosen !== 'named') return { requester: user, others: [], because: null };
	const because = start.user === null ? start.because : 'the flow names the requester itself';
	const named = readNamed(context, itemIndex, because);
	// Whoever submitted the form for somebody else had a part in it, and must not sign it either.
	return { requester: { ...named, source: 'unattributed' }, others: user === null ? [] : [plain(user)], because };
}

function readNamed(context: IExecuteFunctions, itemIndex: number, because: string): Contributor {
	const text = (name: string) => String(context.getNodeParameter(name, itemIndex, '') ?? '');
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const name = text('requestedBy');
	if (name.trim() === '') {
		throw new CivicError(
			'input.invalid',
			`'Requester Name' is empty, and nobody is known to have asked: ${because}.`,
			'Start the flow with a form whose "Authentication" is "n8n User Auth", or fill in \'Requester Name\'; then one approver more has to sign.',
		);
	}
	return parseContributor({ name, email: text('requesterEmail'), phone: String(options.requesterPhone ?? '') }, 'Requester Name');
}

function plain({ name, email, phone }: Requester): Contributor {
	return { name, email, phone };
}

import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { createMetaReadings } from '../../../core/channel/check/metaReadings';
import { runChecks } from '../../../core/channel/check/runChecks';
import { readStoreFacts } from '../../../core/channel/check/storeFacts';
import { systemClock } from '../../../core/world';
import { graphOf, openChannel, readChannelSettings } from '../../shared/openChannel';
import { readHostFacts } from './hostFacts';

export const value = 'check';

const fields: INodeProperties[] = [
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options: [
			{ name: 'One Item', value: 'report', description: 'Whether all is well, one sentence, and the findings as a list' },
			{ name: 'One Item per Finding', value: 'findings', description: 'A table that can be read, filtered and sent on' },
		],
		default: 'findings',
	},
	{
		displayName: 'Only What Needs Attention',
		name: 'attention',
		type: 'boolean',
		default: false,
		description: 'Whether to leave out the findings that are all right',
	},
];

export const description = updateDisplayOptions({ show: { resource: ['channel'], operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject | IDataObject[]> {
	const { store, channel } = await openChannel(context);
	// What holds are the rules in force; looser ones in the credential may be waiting for sign-off.
	const settings = { ...(await readChannelSettings(context)), mode: channel.mode, rules: channel.rules };
	const facts = store.execute(readStoreFacts, { channelId: channel.id });
	// Asked for by several checks, each of which says so when it failed.
	facts.catch(() => undefined);
	const { ok, words, findings } = await runChecks({
		settings,
		meta: createMetaReadings({
			graph: graphOf(settings),
			appGraph: (appId) => graphOf({ ...settings, accessToken: `${appId}|${settings.appSecrets[0] ?? ''}` }),
			settings,
			clock: systemClock,
		}),
		store: () => facts,
		clock: systemClock,
		host: readHostFacts(context, process.env),
	});
	const shown = context.getNodeParameter('attention', itemIndex, false) === true ? findings.filter(({ state }) => state !== 'ok') : findings;
	if (context.getNodeParameter('output', itemIndex) === 'report') return { channel: channel.name, ok, words, findings: shown as unknown as IDataObject[] };
	return shown as unknown as IDataObject[];
}

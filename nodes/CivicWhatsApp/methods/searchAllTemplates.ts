import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { cloudApiOf, readChannelSettings } from '../../shared/openChannel';
import { sayInEditor } from '../../shared/sayInEditor';

/** Every template of the channel with its state, for looking at rather than for sending. */
export function searchAllTemplates(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	return sayInEditor(async () => {
		const api = cloudApiOf(await readChannelSettings(this));
		const wanted = filter?.trim().toLowerCase() ?? '';
		const results: INodeListSearchResult['results'] = [];
		for await (const { name, language, status } of api.listTemplates({ onlyApproved: false })) {
			if (!`${name} ${language} ${status}`.toLowerCase().includes(wanted)) continue;
			results.push({ name: `${name} (${language}, ${status.toLowerCase()})`, value: `${name}|${language}` });
		}
		results.sort((one, other) => one.name.localeCompare(other.name, 'en-GB'));
		return { results };
	});
}

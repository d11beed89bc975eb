import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { cloudApiOf, readChannelSettings } from '../../shared/openChannel';
import { sayInEditor } from '../../shared/sayInEditor';

/** Approved templates of the channel, every page of them. What Meta refuses is shown, not turned into an empty list. */
export function searchTemplates(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	return sayInEditor(async () => {
		const api = cloudApiOf(await readChannelSettings(this));
		const wanted = filter?.trim().toLowerCase() ?? '';
		const results: INodeListSearchResult['results'] = [];
		for await (const { name, language, category } of api.listTemplates({ onlyApproved: true })) {
			if (!`${name} ${language}`.toLowerCase().includes(wanted)) continue;
			results.push({ name: `${name} (${language}, ${category.toLowerCase()})`, value: `${name}|${language}` });
		}
		results.sort((one, other) => one.name.localeCompare(other.name, 'en-GB'));
		return { results };
	});
}

import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { cloudApiOf, readChannelSettings } from '../../shared/openChannel';

/** Approved templates of the channel, every page of them. What Meta refuses is shown, not turned into an empty list. */
export async function searchTemplates(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const api = cloudApiOf(await readChannelSettings(this));
	const wanted = filter?.trim().toLowerCase() ?? '';
	const results: INodeListSearchResult['results'] = [];
	for await (const { name, language, category } of api.listTemplates({ onlyApproved: true })) {
		if (!`${name} ${language}`.toLowerCase().includes(wanted)) continue;
		results.push({ name: `${name} (${language}, ${category.toLowerCase()})`, value: `${name}|${language}` });
	}
	results.sort((one, other) => one.name.localeCompare(other.name, 'en-GB'));
	return { results };
}

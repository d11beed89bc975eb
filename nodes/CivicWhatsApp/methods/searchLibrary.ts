import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import type { LibraryEntry } from '../../../core/message/templateLibrary';
import { sayInEditor } from '../../shared/sayInEditor';
import { packagedTemplates } from '../../shared/templateLibrary';

const languages = { en: 'English', cy: 'Welsh' };

/** The templates that come along. n8n shows only names in such a list, so what each is for stands there. Asks nobody outside. */
export function searchLibrary(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	return sayInEditor(() => {
		const wanted = filter?.trim().toLowerCase() ?? '';
		return Promise.resolve({ results: packagedTemplates().map(inList).filter((entry) => entry.name.toLowerCase().includes(wanted)) });
	});
}

function inList({ definition: { name, language }, words, purpose, reviewed }: LibraryEntry) {
	const said = words.map((word) => languages[word]).join(' and ');
	return { name: `${name} (${said}${reviewed ? '' : ', not reviewed'}): ${purpose}`, value: `${name}|${language}` };
}

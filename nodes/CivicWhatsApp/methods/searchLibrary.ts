import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import type { LibraryEntry } from '../../../core/message/templateLibrary';
import { sayInEditor } from '../../shared/sayInEditor';
import { packagedTemplates } from '../../shared/templateLibrary';

const languages = { en: 'English', cy: 'Welsh' };

/** The templates that come along, with what each is for. Asks nobody outside. */
export function searchLibrary(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	return sayInEditor(() => {
		const wanted = filter?.trim().toLowerCase() ?? '';
		const results = packagedTemplates().map(inList).filter(({ name, description }) => `${name} ${description}`.toLowerCase().includes(wanted));
		return Promise.resolve({ results });
	});
}

function inList({ definition: { name, language }, words, purpose, reviewed }: LibraryEntry) {
	const said = words.map((word) => languages[word]).join(' and ');
	return { name: `${name} (${said})`, value: `${name}|${language}`, description: reviewed ? purpose : `${purpose}. The Welsh is not reviewed yet.` };
}

import { staffOf } from '../../../core/channel/rules';
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { readChannelSettings } from '../../shared/openChannel';
import { sayInEditor } from '../../shared/sayInEditor';

/** The people named in the rules of the channel. Their numbers stay in the credential; the flow holds e-mail addresses. */
export function searchStaff(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	return sayInEditor(async () => {
		const { rules } = await readChannelSettings(this);
		const wanted = filter?.trim().toLowerCase() ?? '';
		return {
			results: staffOf(rules)
				.filter(({ name, email }) => `${name} ${email}`.toLowerCase().includes(wanted))
				.map(({ name, email }) => ({ name, value: email })),
		};
	});
}

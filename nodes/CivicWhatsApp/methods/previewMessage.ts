import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { previewTemplate } from '../../../core/message/previewTemplate';
import { inLines } from '../../shared/inLines';
import { cloudApiOf, readChannelSettings } from '../../shared/openChannel';
import { sayInEditor } from '../../shared/sayInEditor';
import { parseTemplateChoice, templateValues } from '../../shared/templateFields';

/** Characters of n8n's own type that fit into the panel of a node at its narrowest. */
const lineLength = 56;

/**
 * The message with the values entered so far, one entry a line: n8n has no field that shows a text which depends on
 * others, but asks for this list whenever it is opened after any other field has changed, and cuts an entry off at the
 * edge.
 */
export function previewMessage(this: ILoadOptionsFunctions): Promise<INodeListSearchResult> {
	return sayInEditor(async () => {
		const chosen = String(this.getNodeParameter('template', '', { extractValue: true }) ?? '');
		if (chosen === '') return asEntries(['Choose a template first.']);
		const { name, language } = parseTemplateChoice(chosen);
		const { value: template } = await cloudApiOf(await readChannelSettings(this)).getTemplate(name, language);
		const given = (this.getCurrentNodeParameter('templateValues.value') ?? {}) as IDataObject;
		const { text, problems, warnings } = previewTemplate(template, templateValues(withoutExpressions(given)));
		return asEntries([
			...text.split('\n'),
			...problems.map((problem) => `Not ready: ${problem}`),
			...(Object.values(given).some(isUnknownYet) ? ['What an expression gives shows once the steps before have run.'] : []),
			...warnings.map((warning) => `Please note: ${warning}`),
		]);
	});
}

/** The editor gives nothing for an expression that it cannot work out yet; n8n itself leaves it as it is written. */
function isUnknownYet(value: unknown): boolean {
	return value === null || value === undefined || (typeof value === 'string' && value.startsWith('='));
}

/** Until it is known what an expression gives, its gap shows its name. */
function withoutExpressions(values: IDataObject): IDataObject {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => !isUnknownYet(value)));
}

function asEntries(paragraphs: string[]): INodeListSearchResult {
	const lines = paragraphs.flatMap((paragraph) => inLines(paragraph, lineLength));
	return { results: lines.map((line, at) => ({ name: line, value: `line ${at + 1}` })) };
}

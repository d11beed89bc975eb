import { fillTemplate } from '../../templates/filledTemplate';
import type { Template } from '../../templates/template';
import { GraphError } from '../graphError';
import { objectAt, objectsAt, onlyKeys, textAt } from '../objectShape';
import type { ReadFamily, SendContext } from './family';

const keys = new Set(['name', 'language', 'components', 'namespace']);
const languageKeys = new Set(['code', 'policy']);

/** `type: template` (Meta, "Send message templates"). */
export const readTemplate: ReadFamily = (body, reading) => {
	const template = objectAt(body, 'template', 'template');
	onlyKeys(template, keys, 'template');
	const language = objectAt(template, 'language', 'template.language');
	onlyKeys(language, languageKeys, 'template.language');
	const name = textAt(template, 'name', 'template.name');
	const code = textAt(language, 'code', 'template.language.code');
	const components = objectsAt(template, 'components', 'template.components');
	return (context) => {
		const found = usable(name, code, context);
		const { content, failure } = fillTemplate(found, components, reading, context.now);
		return { content, template: found, ...(failure !== undefined && { failure }) };
	};
};

/** @throws GraphError 132001, 132015 or 132016 */
function usable(name: string, language: string, { templates, knobs }: SendContext): Template {
	const template = templates.find(name, language);
	if (template?.status === 'APPROVED' || template?.status === 'PENDING_DELETION') return template;
	if (template?.status === 'PAUSED') throw new GraphError(132015, `template (${name}) is paused because of its quality`);
	if (template?.status === 'DISABLED') throw new GraphError(132016, `template (${name}) is disabled because of its quality`);
	throw new GraphError(132001, `template name (${name}) does not exist in ${language}`, { status: knobs.unknownTemplateStatus });
}

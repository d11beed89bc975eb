import { CivicError } from '../errors';
import type { Template } from '../whatsapp/template';
import { unsupportedParts } from '../whatsapp/templateParameters';

/** @throws CivicError `template.parameters` for a template with parts that are not sent from here, with the reasons */
export function requireSupported(template: Template): void {
	const unsupported = unsupportedParts(template);
	if (unsupported.length === 0) return;
	throw new CivicError('template.parameters', `Template "${template.name}" cannot be sent from here: ${unsupported.join(' ')}`, 'Choose another template. Nothing was sent.');
}

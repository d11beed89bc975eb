import { CivicError } from '../errors';
import type { Template } from '../whatsapp/template';

/** @throws CivicError template.unknown for a template that Meta would not deliver */
export function requireApproved(template: Template): void {
	if (template.status === 'APPROVED') return;
	throw new CivicError(
		'template.unknown',
		`Template "${template.name}" (${template.language}) is ${template.status.toLowerCase().replaceAll('_', ' ')} at Meta, not approved.`,
		'Nothing was sent. Choose an approved template, or look in WhatsApp Manager at what Meta asks for.',
	);
}

import { CivicError } from '../errors';
import type { CloudApi } from '../whatsapp/cloudApi';
import type { ChannelSettings } from './settings';

/**
 * Whether token, number, account and sign-off template of a channel work together.
 * @returns one sentence saying that they do
 * @throws CivicError saying which one does not
 */
export async function checkAccess(api: CloudApi, settings: ChannelSettings): Promise<string> {
	const { value: number } = await api.phoneNumber();
	await api.businessAccount();
	const { signOffTemplate, templateLanguage } = settings.rules;
	const { value: template } = await api.getTemplate(signOffTemplate, templateLanguage);
	if (template.status !== 'APPROVED') {
		throw new CivicError(
			'template.unknown',
			`The number answers, but the sign-off template "${signOffTemplate}" is ${template.status.toLowerCase()} at Meta.`,
			'Approvers cannot be asked until Meta has approved it.',
		);
	}
	return `Connected to ${number.displayNumber ?? settings.id}${number.verifiedName === undefined ? '' : ` (${number.verifiedName})`}, ${settings.mode} mode.`;
}

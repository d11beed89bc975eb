import { recordOptOut } from '../audience/optOut';
import { recipientLookups } from '../audience/recipients';
import type { CommandContext } from '../store/command';
import { policyFor } from '../whatsapp/errorPolicy';

/** Some refusals are the resident's own word: they stopped or blocked us at WhatsApp. Those count as an opt-out. */
export async function obeyRefusal(
	context: CommandContext,
	{ channelId, contactId, code, at }: { channelId: string; contactId: string | null; code: number | undefined; at: number },
): Promise<void> {
	const { action } = policyFor(code, 'webhook');
	if ((action !== 'suppress' && action !== 'suppress-marketing') || contactId === null) return;
	const lookups = await recipientLookups(context, contactId);
	if (lookups.length === 0) return;
	await recordOptOut(context, { lookups, topic: '*', source: `whatsapp-${code ?? 'refusal'}`, at, contactId, channelId, actor: { role: 'provider' } });
}

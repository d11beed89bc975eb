import { recordOptOut } from '../audience/optOut';
import { recipientLookups } from '../audience/recipients';
import type { CommandContext } from '../store/command';
import { policyFor } from '../whatsapp/errorPolicy';

export interface ResidentsRefusal {
	channelId: string;
	contactId: string | null;
	/** For somebody who is not a contact: the hashes they are known by. */
	lookups?: string[];
	code: number | undefined;
	at: number;
}

/** Some refusals are the resident's own word: they stopped or blocked us at WhatsApp. Those count as an opt-out. */
export async function obeyRefusal(context: CommandContext, { channelId, contactId, lookups = [], code, at }: ResidentsRefusal): Promise<void> {
	const { action } = policyFor(code, 'webhook');
	if (action !== 'suppress' && action !== 'suppress-marketing') return;
	const all = [...(contactId === null ? [] : await recipientLookups(context, contactId)), ...lookups];
	if (all.length === 0) return;
	await recordOptOut(context, { lookups: all, topic: '*', source: `whatsapp-${code ?? 'refusal'}`, at, contactId: contactId ?? undefined, channelId, actor: { role: 'provider' } });
}

import type { CommandContext } from '../store/command';
import { readOptOuts, recordOptOut } from './optOut';

/**
 * Makes the opt-outs of some hashes count for others of the same person: when a number and a user id are seen together
 * for the first time, or when WhatsApp tells of a changed one. Opt-outs move forward like this; consent never does.
 */
export async function carryOptOuts(context: CommandContext, from: readonly string[], to: readonly string[], contactId?: string): Promise<void> {
	if (from.length === 0 || to.length === 0) return;
	const known = await readOptOuts(context, [...new Set([...from, ...to])]);
	for (const { personLookup, topic, since, source } of known.filter((optOut) => from.includes(optOut.personLookup))) {
		const missing = to.filter((lookup) => !known.some((optOut) => optOut.personLookup === lookup && optOut.topic === topic));
		if (missing.length === 0) continue;
		await recordOptOut(context, { lookups: missing, topic, source, at: since, contactId, actor: { role: 'system', details: { carriedFrom: personLookup } } });
	}
}

import { canonicalJson } from '../ledger/canonicalJson';
import type { ChannelRules } from './rules';

/**
 * The one spelling of a channel's rules, of which the fingerprint is made that sign-offs are bound to. It must stay the
 * same from version to version for rules that mean the same, or every update would void sign-offs under way, hold running
 * broadcasts and enter a change that nobody made. So a rule that came later is left out where it says what held before
 * there was one; the limits of direct messages that are off say nothing.
 */
export function canonicalRules(rules: ChannelRules): string {
	const { directMessages, ...earlier } = rules;
	return canonicalJson(directMessages.allow === 'off' ? earlier : rules);
}

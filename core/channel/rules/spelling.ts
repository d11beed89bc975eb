import { isDeepStrictEqual } from 'node:util';
import { canonicalJson } from '../../ledger/canonicalJson';
import { spellApprover } from './approver';
import { channelRules, type ChannelRules } from './rules';
import { spellService } from './service';

/**
 * Rules as one line of canonical JSON (RFC 8785), by which they are compared, signed and stored. A rule at its default is
 * left out: so a new version of the package, which knows more rules, spells those that a council has as the old one did,
 * and no sign-off under way is void because of an update.
 */
export function spellRules(rules: ChannelRules): string {
	const spelled: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(rules)) {
		if (name === 'services') spelled.services = rules.services.map(spellService);
		else if (name === 'approvers') spelled.approvers = rules.approvers.map(spellApprover);
		// The limits of direct messages that are off say nothing.
		else if (name === 'directMessages' && rules.directMessages.allow === 'off') continue;
		else if (!isDefault(name as keyof ChannelRules, value)) spelled[name] = value;
	}
	return canonicalJson(spelled);
}

/** @returns the rules that `spellRules` wrote, in this version or an earlier one */
export function readSpelledRules(spelled: string): ChannelRules {
	return channelRules.parse(JSON.parse(spelled));
}

function isDefault(name: keyof ChannelRules, value: unknown): boolean {
	const absent = channelRules.shape[name].safeParse(undefined);
	return absent.success && isDeepStrictEqual(absent.data, value);
}

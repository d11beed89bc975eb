import type { Channel } from '../channel';
import type { RulesSource } from '../settings';
import type { RulesAndMode } from './compareRules';
import type { RuleDifference } from './difference';
import type { Proposal } from './proposeChange';
import { differencesOf } from './putIntoForce';

/** Something that whoever runs a node, or looks after the channel, should know about its rules. */
export interface RulesNotice {
	level: 'info' | 'warning';
	words: string;
}

const mostShown = 4;

/** `'Reach': 500 → 5,000; 'Mode': …`. Phone numbers are for the sign-off page, not for the output of a node. */
export function differencesInWords(differences: readonly RuleDifference[]): string {
	const said = differences.slice(0, mostShown).map(({ field, before, after }) => `${field}: ${withoutNumbers(before)} → ${withoutNumbers(after)}`);
	return [...said, ...(differences.length > mostShown ? [`and ${differences.length - mostShown} more`] : [])].join('; ');
}

function withoutNumbers(words: string): string {
	return words.replace(/\+\d{6,}/g, (number) => `…${number.slice(-3)}`);
}

export function firstUse({ name, mode, rules }: Channel): RulesNotice {
	return {
		level: 'warning',
		words: `First use: the store recorded the rules of channel "${name}" as they stand in this credential (${mode} mode, up to ${rules.reach.toLocaleString('en-GB')} people, signed by ${
			rules.stages.length === 0 ? `${rules.signaturesNeeded} of ${rules.approvers.map((person) => person.name).join(', ')}` : rules.stages.map(({ role, signatures }) => `${signatures} of ${role}`).join(', then ')
		}). From now on looser rules wait for sign-off by these people. If you did not expect a first use, tell IT: the store may be another one than before.`,
	};
}

export function tookEffect({ name }: Channel, differences: readonly RuleDifference[], source: RulesSource): RulesNotice {
	const where = source.kind === 'file' ? ', as IT’s file of channels says' : '';
	return { level: 'info', words: `The rules of channel "${name}" changed at once${where}: ${differencesInWords(differences)}. Sign-offs under the rules before do not hold any more.` };
}

export function proposalInWords(channel: Channel, proposal: Proposal, proposed: RulesAndMode): RulesNotice {
	const what = differencesInWords(differencesOf(channel, proposed));
	const { change } = proposal;
	if (proposal.standing === 'waits') {
		const who = channel.rules.approvers.map((person) => person.name).join(', ');
		return { level: 'warning', words: `Looser rules in the credential for channel "${channel.name}" wait for sign-off by ${who}: ${what}. Until then the rules in force hold.` };
	}
	if (proposal.standing === 'refused') {
		const day = (at: number) => new Intl.DateTimeFormat('en-GB', { timeZone: channel.rules.zone, day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(at));
		const how = change.state === 'expired' ? 'Nobody signed' : 'The approvers refused';
		return {
			level: 'warning',
			words: `${how} the looser rules in the credential for channel "${channel.name}" by ${day(change.endedAt ?? 0)}: ${what}. The rules in force hold. Set the credential back, or propose something else; the same is not asked again before ${day(proposal.until)}.`,
		};
	}
	return {
		level: 'warning',
		words: `Two credentials for the number of channel "${channel.name}" hold different rules${named(change.source)}. What the other one proposes waits for sign-off; what this one would loosen is not asked for (${what}). Keep one credential a number.`,
	};
}

/** Somebody opened the channel whose rules another credential set. */
export function otherSource({ name }: Channel, source: RulesSource): RulesNotice {
	return { level: 'warning', words: `Another credential for the number of channel "${name}"${named(source)} set the rules in force, and they are not those of this one. Keep one credential a number.` };
}

function named({ name }: RulesSource): string {
	return name === '' ? '' : ` (the other is "${name}")`;
}

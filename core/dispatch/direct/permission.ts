import { findOptOut } from '../../audience/optOut';
import type { Channel } from '../../channel/channel';
import { CivicError } from '../../errors';
import type { CommandContext } from '../../store/command';
import type { Person } from './person';

/**
 * Whether somebody may be written to at all, now and on this channel, whatever the words. The first thing that forbids it
 * counts. Opt-out is asked by every name the person has; there is no exception for replies, because a person who said STOP
 * and then asks something is answered by a colleague, not by a flow.
 * @returns the refusal, or undefined
 */
export async function whyNot(context: CommandContext, channel: Channel, person: Person, { isTemplate }: { isTemplate: boolean }): Promise<CivicError | undefined> {
	const { allow } = channel.rules.directMessages;
	const inWindow = isWindowOpen(person, context.now);
	if (channel.mode === 'training' && !isApprover(channel, person)) {
		return new CivicError('direct.training', `Channel "${channel.name}" is in training, where messages reach only the approvers named in its rules.`, 'Nothing was sent. Try it with the phone of an approver, or have IT switch the channel to live.');
	}
	if (allow === 'off') {
		return notAllowed(channel, `The rules of channel "${channel.name}" allow no message to a resident without sign-off, replies included.`);
	}
	if ((await findOptOut(context, person.lookups)) !== undefined) {
		return new CivicError('direct.opted-out', 'This person asked to be left alone, so nothing is sent, not even a reply.', 'Answer another way if an answer is owed. Only the person can undo it, by opting in again.');
	}
	if (!isTemplate && !inWindow) return outsideWindow(channel, person);
	if (allow === 'replies' && !inWindow) {
		return notAllowed(channel, `The rules of channel "${channel.name}" allow replies only, and this person has not written in the last 24 hours.`);
	}
	return undefined;
}

/** Meta: "Send messages", customer service windows: 24 hours from the person's last message, by Meta's time of it. */
export function isWindowOpen({ conversation }: Person, now: number): boolean {
	return conversation !== null && now < conversation.windowUntil;
}

function isApprover({ rules }: Channel, { address }: Person): boolean {
	return rules.approvers.some(({ phone }) => phone === address);
}

function outsideWindow(channel: Channel, { conversation }: Person): CivicError {
	const when = conversation === null ? 'This person has never written to this number' : `The last message of this person was on ${inZone(conversation.lastInboundAt, channel)}`;
	return new CivicError(
		'direct.window',
		`${when}; WhatsApp takes free-form messages only within 24 hours after one.`,
		'Nothing was sent. Use Message: Send Template with an approved template, which may be sent at any time, or wait until the person writes again.',
	);
}

function inZone(at: number, { rules }: Channel): string {
	return new Date(at).toLocaleString('en-GB', { timeZone: rules.zone, dateStyle: 'medium', timeStyle: 'short' });
}

function notAllowed(channel: Channel, what: string): CivicError {
	return new CivicError('direct.not-allowed', what, `Nothing was sent. Use Broadcast: Draft and have it signed off, or ask IT about 'Direct Messages' in the credential of "${channel.name}".`);
}

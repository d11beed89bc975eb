import { CivicError } from '../../errors';
import { requireApproved } from '../../message/requireApproved';
import type { Store } from '../../store/store';
import type { CloudApi } from '../../whatsapp/cloudApi';
import { requireSendable, type MessageContent } from '../../whatsapp/messages/content';
import { checkParameters } from '../../whatsapp/parameterChecks';
import type { ShownRecipient } from '../../whatsapp/recipient';
import type { SendOutcome } from '../../whatsapp/sendOutcome';
import { toComponents } from '../../whatsapp/templateMessage';
import type { TemplateValues } from '../../whatsapp/templateParameters';
import { findAnsweredMessage } from './answeredMessage';
import type { PersonRef } from './person';
import { recordDirectIntent } from './recordIntent';
import { writeOutcome } from './writeOutcome';

export interface DirectSender {
	store: Store;
	api: CloudApi;
	channelId: string;
	/** Of the rules in the node's own credential. */
	rulesFingerprint: string;
	/** Which flow sends, for the record. */
	flow: string | null;
}

/** A message to one person. Reactions name the event they belong to in `answers`. */
export interface DirectMessage {
	to: PersonRef;
	content: Exclude<MessageContent, { type: 'template' | 'reaction' }> | { type: 'reaction'; emoji: string };
	/** Id of the event whose message is quoted or reacted to. */
	answers: string | null;
}

export interface DirectTemplate {
	to: PersonRef;
	template: { name: string; language: string };
	parameters: TemplateValues;
}

/** What became of it: ids, not people. */
export interface DirectReport {
	/** Ours; statuses are found by it. */
	messageId: string;
	outcome: 'accepted' | 'not-sent' | 'uncertain';
	conversationId: string | null;
	contactId: string | null;
	/** ISO 8601; until then free-form messages may follow. Null when the person has not written. */
	windowOpenUntil: string | null;
	/** Meta's code, where it gave one. */
	code?: number;
	/** Why it was not sent, or may not have been, and how to go on. */
	explain?: string;
	/** Only there, and false, when what came of it could not be written to the store. */
	recorded?: false;
	/** What to do about that. */
	howToGoOn?: string;
}

/**
 * Sends one free-form message to one person: checks, intent, request, record. Never sent a second time by itself. Once the
 * request has left there is always a report, also when the store cannot take it (`recorded: false`).
 * @throws CivicError `input.invalid` naming field and limit, `direct.*`, `channel.*`, `clock.skew`: then nothing was sent
 */
export async function sendDirect(sender: DirectSender, { to, content, answers }: DirectMessage): Promise<DirectReport> {
	const answered = answers === null ? undefined : await sender.store.execute(findAnsweredMessage, { channelId: sender.channelId, ref: { by: 'event', value: answers } });
	const whole: MessageContent = content.type === 'reaction' ? { ...content, messageId: answered?.messageId ?? '' } : content;
	return send(sender, { to, content: whole, answers, replyTo: content.type === 'reaction' ? undefined : answered?.messageId, serverDate: null });
}

/**
 * Sends one approved template to one person.
 * @throws CivicError `template.*`, and as `sendDirect`
 */
export async function sendDirectTemplate(sender: DirectSender, { to, template: choice, parameters }: DirectTemplate): Promise<DirectReport> {
	const { value: template, serverDate } = await sender.api.getTemplate(choice.name, choice.language);
	requireApproved(template);
	const refusals = checkParameters(template, parameters);
	if (refusals.length > 0) {
		throw new CivicError('template.parameters', `Template "${template.name}": ${refusals.map(({ message }) => message).join(' ')}`, 'Mend the fields named. Nothing was sent.');
	}
	const content: MessageContent = { type: 'template', name: template.name, language: template.language, components: toComponents(template, parameters) };
	return send(sender, { to, content, answers: null, replyTo: undefined, serverDate: serverDate ?? null });
}

interface Prepared {
	to: PersonRef;
	content: MessageContent;
	answers: string | null;
	replyTo: string | undefined;
	serverDate: number | null;
}

async function send({ store, api, channelId, rulesFingerprint, flow }: DirectSender, { to, content, answers, replyTo, serverDate }: Prepared): Promise<DirectReport> {
	requireSendable(content);
	const intent = await store.execute(recordDirectIntent, { channelId, rulesFingerprint, to, content, answers, serverDate });
	if ('refused' in intent) throw new CivicError(intent.refused.code, intent.refused.message, intent.refused.hint);
	const sent = await api.send({ to: intent.to, content, ...(replyTo === undefined ? {} : { replyTo }) }, { callbackData: intent.id });
	const { outcome, reason, messageId, recipient, code, explain } = read(sent);
	const unwritten = await writeOutcome(store, { id: intent.id, state: outcome, reason, messageId, recipient, content, flow }, explain);
	return {
		messageId: intent.id,
		outcome,
		conversationId: intent.conversationId,
		contactId: intent.contactId,
		windowOpenUntil: intent.windowUntil === null ? null : new Date(intent.windowUntil).toISOString(),
		...(code === undefined ? {} : { code }),
		...(explain === undefined ? {} : { explain }),
		...unwritten,
	};
}

function read(sent: SendOutcome): { outcome: DirectReport['outcome']; reason: string | null; messageId: string | null; recipient?: ShownRecipient; code?: number; explain?: string } {
	switch (sent.outcome) {
		case 'accepted':
			return { outcome: 'accepted', reason: null, messageId: sent.messageId, recipient: sent.recipient };
		case 'uncertain':
			return { outcome: 'uncertain', reason: 'no-clear-answer', messageId: null, explain: sent.reason };
		case 'notSent': {
			const { code, explain, goOn } = sent.refusal;
			return { outcome: 'not-sent', reason: code === undefined ? 'not-reached' : String(code), messageId: null, ...(code === undefined ? {} : { code }), explain: `${explain} ${goOn}` };
		}
	}
}

import { isOptOut } from '../whatsapp/optOutWords';
import type { MessageEvent, PreferenceEvent } from '../whatsapp/webhookEvents';
import type { InboxKind } from './inboxEvent';

/** Events that come from a person and are kept in the inbox. */
export type PersonEvent = MessageEvent | PreferenceEvent;

export interface Classified {
	kind: InboxKind;
	/** How the person asked to be left alone; only for `opt-out`. */
	optOutSource?: string;
	/**
	 * Whether it opens WhatsApp's 24-hour window. Only what a person writes, taps or sends does; whether a reaction does is
	 * not documented, so it does not count.
	 */
	opensWindow: boolean;
}

/** Message types that tell us something without anybody having written to us. */
const silentTypes = new Set(['reaction', 'system', 'unsupported']);

export function classify(event: PersonEvent): Classified {
	if (event.kind === 'preference') {
		return event.value === 'stop'
			? { kind: 'opt-out', optOutSource: 'whatsapp-preferences', opensWindow: false }
			: { kind: 'preference', opensWindow: false };
	}
	const opensWindow = !silentTypes.has(event.type);
	const optOutSource = optOutSourceOf(event);
	if (optOutSource !== undefined) return { kind: 'opt-out', optOutSource, opensWindow };
	if (event.type === 'reaction' || event.type === 'system') return { kind: event.type, opensWindow };
	return { kind: event.type === 'button' || event.reply !== undefined ? 'button' : 'message', opensWindow };
}

function optOutSourceOf(event: MessageEvent): string | undefined {
	const { text, buttonText, buttonPayload, reply } = event;
	if (text !== undefined && isOptOut(text)) return 'whatsapp-text';
	if ([buttonText, buttonPayload].some(saysStop)) return 'whatsapp-button';
	if ([reply?.title, reply?.id].some(saysStop)) return 'whatsapp-interactive';
	return undefined;
}

/** Words of a button, or the payload behind it, which may go on after a bar: `STOP|gritting`. */
function saysStop(words: string | undefined): boolean {
	return words !== undefined && (isOptOut(words) || isOptOut(words.split('|', 1)[0] ?? ''));
}

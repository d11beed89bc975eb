import { contentInWords, type MessageContent } from '../residents/messageContent';
import type { PhoneMessage, Resident } from '../residents/residents';

/** One line of "who got what": everything sent with one template, or of one kind. */
export interface SentLine {
	readonly label: string;
	/** The beginning of the newest message. */
	example: string;
	/** ISO 8601, UTC: when the newest was sent. */
	at: string;
	/** People it was sent to. */
	people: number;
	messages: number;
	/** How far the messages got: each is counted once. `silent` ones never arrive, which nobody is told: too late, or blocked. */
	readonly now: Record<'accepted' | 'sent' | 'delivered' | 'read' | 'failed' | 'silent', number>;
	/** People who answered one of them. */
	answered: number;
}

const mostLines = 50;

/** What the council sent, the newest first. */
export function whoGotWhat(residents: Iterable<Resident>): SentLine[] {
	const lines = new Map<string, SentLine>();
	for (const resident of residents) {
		const seen = new Set<string>();
		const labels = new Map<string, string>();
		for (const message of councilMessages(resident)) {
			const label = message.template ?? kindInWords(message.content);
			labels.set(message.id, label);
			const line = lines.get(label) ?? { label, example: '', at: '', people: 0, messages: 0, now: { accepted: 0, sent: 0, delivered: 0, read: 0, failed: 0, silent: 0 }, answered: 0 };
			lines.set(label, line);
			count(line, message);
			if (!seen.has(label)) line.people++;
			seen.add(label);
		}
		const answered = new Set<string>();
		for (const { from, answers } of resident.thread) {
			const label = from === 'resident' && answers !== undefined ? labels.get(answers) : undefined;
			if (label !== undefined) answered.add(label);
		}
		for (const label of answered) (lines.get(label) as SentLine).answered++;
	}
	return [...lines.values()].sort((one, other) => (one.at < other.at ? 1 : -1)).slice(0, mostLines);
}

function* councilMessages({ thread, notArrived }: Resident): Iterable<PhoneMessage> {
	for (const message of thread) if (message.from === 'council' && !message.content.reaction) yield message;
	for (const message of notArrived) if (!message.content.reaction) yield message;
}

function count(line: SentLine, { at, tick, silence, content }: PhoneMessage): void {
	line.messages++;
	line.now[silence ? 'silent' : tick === 'played' ? 'read' : tick]++;
	const when = new Date(at).toISOString();
	if (when < line.at) return;
	line.at = when;
	line.example = contentInWords(content).slice(0, 120);
}

function kindInWords({ buttons, list, link, asksFor, flow, media, location, contacts }: MessageContent): string {
	if (list) return 'List';
	if (buttons.some(({ kind }) => kind === 'reply')) return 'Reply buttons';
	if (link) return 'Link button';
	if (asksFor) return asksFor === 'location' ? 'Location request' : 'Contact request';
	if (flow) return 'Form';
	if (location) return 'Location';
	if (contacts) return 'Contacts';
	if (!media) return 'Text';
	if (media.voice) return 'Voice message';
	return media.kind.slice(0, 1).toUpperCase() + media.kind.slice(1);
}

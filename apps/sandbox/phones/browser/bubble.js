import { button, element, unseen } from './dom.js';
import { contactPart, locationPart, mediaPart } from './media.js';
import { ticks } from './ticks.js';

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/London' });
const calendar = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'Europe/London' });

export const offeredReactions = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

const silences = {
	expired: 'The phone was off for longer than the time to live of this message, so WhatsApp dropped it. The council is not told.',
	blocked: 'Sent while this person blocks the council: it never arrives, and the council is not told.',
};

export function dayOf(message) {
	return calendar.format(new Date(message.at));
}

/**
 * One message as an item of a list.
 *
 * @param acts what can be done with it (`tap`, `choose`, `react`, `reply`, `shareLocation`, `shareContact`, `play`, `copy`);
 * without them, it is only shown
 */
export function bubbleItem(message, { council, name }, acts) {
	const author = message.from === 'council' ? council : name;
	const item = element('li', { className: `message ${message.from}${message.arrived ? '' : ' elsewhere'}${message.failure || message.silence ? ' failed' : ''}`, 'data-id': message.id });
	const bubble = element('div', { className: 'bubble' }, unseen(`${author}: `), ...content(message, acts, author, { council, name }));
	item.append(bubble);
	const buttons = buttonsOf(message, message.arrived ? acts : undefined);
	if (buttons.length > 0) item.append(element('div', { className: 'buttons' }, ...buttons));
	const reactions = Object.entries(message.reactions ?? {}).filter(([, emoji]) => emoji);
	if (reactions.length > 0) {
		const given = reactions.map(([by, emoji]) => element('span', {}, emoji, unseen(` from ${by === 'council' ? council : name}`)));
		item.append(element('p', { className: 'reactions' }, unseen('Reactions: '), ...given));
	}
	if (message.cards) item.append(cardList(message, message.arrived ? acts : undefined));
	if (acts && message.arrived && message.from === 'council') item.append(moreOf(message, acts));
	return item;
}

function content(message, acts, _author, people) {
	const { header, offer, body, footer, media, location, contacts, quoted, failure, silence, arrived, tick } = message;
	const options = { interactive: Boolean(acts) && arrived, play: acts && (() => acts.play(message)) };
	const text = body || media?.caption;
	return [
		quoted && element('blockquote', {}, element('strong', {}, quoted.from === 'council' ? people.council : quoted.from === 'resident' ? people.name : 'Earlier'), element('span', {}, quoted.words)),
		header?.kind === 'text' && element('p', { className: 'head' }, header.text),
		header?.media && mediaPart(header.media, options),
		header?.location && locationPart(header.location),
		offer && element('p', { className: 'timed' }, element('strong', {}, offer.text), offer.endsAt !== undefined && element('span', {}, ` Ends ${calendar.format(new Date(offer.endsAt))}, ${time.format(new Date(offer.endsAt))}`)),
		media && mediaPart(media, options),
		location && locationPart(location),
		...(contacts ?? []).map(contactPart),
		text && element('p', { className: 'body' }, text),
		footer && element('p', { className: 'foot' }, footer),
		failure && element('p', { className: 'why' }, `${failure.reason} (${failure.code})`),
		silence && element('p', { className: 'why' }, silences[silence]),
		!arrived && !failure && !silence && element('p', { className: 'why' }, tick === 'sent' ? 'Waits at WhatsApp for this phone.' : 'On its way.'),
		element('p', { className: 'meta' }, element('time', { datetime: message.at }, time.format(new Date(message.at))), ticks(message)),
	].filter(Boolean);
}

function buttonsOf(message, acts) {
	const { buttons, list, link, asksFor, flow, chosen = [] } = message;
	const made = buttons.map((given, index) => buttonOf(given, index, message, acts, chosen.includes(given.id ?? given.text)));
	if (list) {
		const rows = list.sections.flatMap((section) => section.rows);
		const taken = rows.filter(({ id }) => chosen.includes(id)).map(({ title }) => title);
		made.push(offer(list.button, acts && (() => acts.choose(message)), 'list'));
		if (taken.length > 0) made.push(element('p', { className: 'taken' }, `Chosen: ${taken.join(', ')}`));
	}
	if (link) made.push(linkTo(link.text, link.url, acts, 'link'));
	if (asksFor === 'location') made.push(offer('Send location', acts && (() => acts.shareLocation(message)), 'location'));
	if (asksFor === 'contact') made.push(offer('Share contact', acts && (() => acts.shareContact(message)), 'contact'));
	if (flow) made.push(offer(flow.button, undefined, 'flow'));
	return made;
}

/** The cards of a carousel, side by side: WhatsApp scrolls them, and so does this. */
function cardList(message, acts) {
	const items = message.cards.map((card, index) => {
		const { header, body, buttons } = card;
		const made = buttons.map((given, position) => buttonOf(given, position, message, acts, (message.chosen ?? []).includes(given.text), index));
		const words = [header?.media && mediaPart(header.media, { interactive: Boolean(acts) }), body && element('p', { className: 'body' }, body)].filter(Boolean);
		return element('li', { className: 'leaf' }, unseen(`Card ${index + 1} of ${message.cards.length}: `), ...words, made.length > 0 ? element('div', { className: 'buttons' }, ...made) : '');
	});
	// On the wall nothing scrolls and nothing takes the focus.
	return element('div', { className: 'leaves', role: 'group', 'aria-label': `${message.cards.length} cards`, ...(acts && { tabindex: '0' }) }, element('ul', {}, ...items));
}

function buttonOf(given, index, message, acts, taken, card) {
	const key = card === undefined ? `button-${index}` : `card-${card}-button-${index}`;
	if (given.kind === 'url') return linkTo(given.text, given.url, acts, key);
	if (given.kind === 'phone_number') return offer(`${given.text} (${given.phone})`, undefined, key);
	if (given.kind === 'copy_code') return offer(`${given.text}: ${given.code}`, acts && (() => acts.copy(given.code)), key);
	if (given.kind === 'flow') return offer(given.text, undefined, key);
	const made = offer(given.text, acts && (() => acts.tap(message, index, card)), key);
	if (taken) {
		made.classList.add('taken');
		made.append(unseen(' (chosen)'));
	}
	return made;
}

/** A button, or its look alone where it cannot be pressed. */
function offer(text, press, key) {
	return press ? button(text, press, { 'data-key': key }) : element('span', {}, text);
}

function linkTo(text, url, acts, key) {
	if (!acts || !/^https?:\/\//i.test(url)) return element('span', { title: url }, `${text} ↗`);
	return element('a', { href: url, target: '_blank', rel: 'noopener noreferrer', title: url, 'data-key': key }, `${text} ↗`, unseen(' (opens a new tab)'));
}

/** Reacting and quoting, folded away so that a chat is not full of buttons. */
function moreOf(message, acts) {
	const own = message.reactions?.resident;
	const choices = offeredReactions.map((emoji) => {
		const taken = own === emoji;
		return button(emoji, () => acts.react(message, taken ? '' : emoji), { 'data-key': `react-${emoji}`, 'aria-pressed': String(taken), 'aria-label': taken ? `Take back ${emoji}` : `React with ${emoji}` });
	});
	return element('details', { className: 'more', 'data-key': 'more' }, element('summary', { 'data-key': 'summary' }, 'React or quote', unseen(` this message: ${message.words.slice(0, 60)}`)), element('div', {}, ...choices, button('Quote', () => acts.reply(message), { 'data-key': 'quote' })));
}

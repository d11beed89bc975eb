// The phone that somebody holds: the whole chat, and everything its owner can do.

import { bubbleItem, dayOf } from './bubble.js';
import { element, replaceKeepingFocus, setText } from './dom.js';
import { flagList } from './flags.js';
import { askFor, chooseFrom, closeSheet } from './sheets.js';
import { act, ask, refuse, say } from './talk.js';

const $ = (id) => document.getElementById(id);
const panel = $('phone');
const chat = $('chat');
const input = $('answer-text');
const switches = { online: $('set-online'), readsByItself: $('set-reads'), block: $('set-block'), stopMarketing: $('set-marketing') };

let phone;
let council = '';
let quoting;
let flags = $('phone-flags');
let items = new Map();
let onChange = () => undefined;
let typing;

export function openNumber() {
	return phone?.number;
}

/** @param changed called with the number of the phone that is open now, or undefined */
export function watchOpenPhone(changed) {
	onChange = changed;
	$('phone-close').addEventListener('click', () => closePhone());
	panel.addEventListener('keydown', (event) => {
		if (event.key === 'Escape' && !event.defaultPrevented) closePhone();
	});
	$('answer').addEventListener('submit', async (event) => {
		event.preventDefault();
		const text = input.value;
		if (text.trim() === '') return;
		input.value = '';
		if (await does({ act: 'text', text, answers: quoting?.id })) quote(undefined);
		else input.value = text;
	});
	$('stop').addEventListener('click', () => does({ act: 'text', text: 'STOP' }));
	$('attach').addEventListener('click', attach);
	$('quote-drop').addEventListener('click', () => {
		quote(undefined);
		input.focus();
	});
	$('read').addEventListener('click', () => does({ act: 'read' }));
	$('change-number').addEventListener('click', changeNumber);
	switches.online.addEventListener('change', ({ target }) => set(target, { act: 'online', on: target.checked }));
	switches.readsByItself.addEventListener('change', ({ target }) => set(target, { act: 'readsByItself', on: target.checked }));
	switches.block.addEventListener('change', ({ target }) => set(target, { act: 'block', on: target.checked }));
	switches.stopMarketing.addEventListener('change', ({ target }) => set(target, { act: 'stopMarketing', on: target.checked }));
}

/** Opens a phone and moves the focus to it. */
export async function openPhone(number, { focus = true } = {}) {
	const answer = await ask('/phone', { number });
	if (!answer) {
		refuse('This phone is not here any more.');
		return;
	}
	if (phone?.number !== number) {
		chat.replaceChildren();
		items = new Map();
		quote(undefined);
		input.value = '';
	}
	panel.hidden = false;
	document.body.classList.add('holding');
	show(answer, false);
	chat.scrollTop = chat.scrollHeight;
	if (focus) $('phone-name').focus();
	onChange(number);
}

export function closePhone({ silent = false } = {}) {
	if (!phone) return;
	const { number } = phone;
	phone = undefined;
	closeSheet();
	panel.hidden = true;
	document.body.classList.remove('holding');
	chat.replaceChildren();
	items = new Map();
	onChange(undefined, silent ? undefined : number);
}

export async function refreshPhone() {
	const number = phone?.number;
	if (!number) return;
	const answer = await ask('/phone', { number });
	if (answer && phone?.number === number) show(answer, true);
}

function show(answer, announce) {
	phone = answer.phone;
	council = answer.council;
	setText($('phone-name'), phone.name);
	setText($('phone-number'), phone.written);
	setText($('chat-council'), council);
	const next = flagList(phone);
	flags.replaceWith(next);
	flags = next;
	chat.setAttribute('aria-label', `Chat of ${phone.name} with ${council}`);
	switches.online.checked = phone.online;
	switches.readsByItself.checked = phone.readsByItself;
	switches.block.checked = phone.blocked;
	switches.stopMarketing.checked = phone.marketingStopped;
	setText($('chat-state'), phone.typingMs > 0 ? 'typing…' : 'Business account');
	clearTimeout(typing);
	if (phone.typingMs > 0) typing = setTimeout(refreshPhone, phone.typingMs + 50);
	$('no-receipts').hidden = phone.readReceipts;
	$('read').hidden = phone.readsByItself;
	showMessages(announce);
}

function showMessages(announce) {
	const atEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 80;
	const next = new Map();
	const arrivedNow = [];
	let place = chat.firstElementChild;
	let day = '';
	for (const message of phone.messages) {
		const thisDay = dayOf(message);
		if (thisDay !== day) place = showDay(thisDay, place);
		day = thisDay;
		const known = items.get(message.id);
		const signature = JSON.stringify(message);
		const shown = known ?? { item: bubbleItem(message, { council, name: phone.name }, acts) };
		if (known && known.signature !== signature) {
			const fresh = bubbleItem(message, { council, name: phone.name }, acts);
			if (place === known.item) place = fresh;
			replaceKeepingFocus(known.item, fresh);
			shown.item = fresh;
		}
		if (message.from === 'council' && message.arrived && !(known && known.arrived)) arrivedNow.push(message);
		next.set(message.id, { item: shown.item, signature, arrived: message.arrived });
		if (shown.item === place) place = place.nextElementSibling;
		else chat.insertBefore(shown.item, place);
	}
	while (place) {
		const rest = place.nextElementSibling;
		place.remove();
		place = rest;
	}
	items = next;
	if (atEnd) chat.scrollTop = chat.scrollHeight;
	// Only what is new in the chat that somebody looks at is said, and of many only the newest.
	const newest = arrivedNow.at(-1);
	if (announce && newest) say(`${arrivedNow.length > 1 ? `${arrivedNow.length} new messages. ` : ''}${council} to ${phone.name}: ${newest.words.slice(0, 300)}`);
}

function showDay(text, place) {
	if (place?.classList.contains('day') && place.textContent === text) return place.nextElementSibling;
	chat.insertBefore(element('li', { className: 'day' }, text), place);
	return place;
}

async function does(body) {
	return act('/act', { number: phone.number, ...body });
}

/** A switch goes back where the sandbox refuses. */
async function set(target, body) {
	if (!(await does(body))) target.checked = !target.checked;
}

function quote(message) {
	quoting = message;
	$('quote').hidden = message === undefined;
	setText($('quote-words'), message?.words ?? '');
	if (message) input.focus();
}

const acts = {
	tap: (message, index, card) => does({ act: 'tap', message: message.id, button: index, ...(card !== undefined && { card }) }),
	react: (message, emoji) => does({ act: 'react', message: message.id, emoji }),
	reply: quote,
	play: (message) => does({ act: 'play', message: message.id }),
	shareLocation: (message) => shareLocation(message.id),
	shareContact: (message) => does({ act: 'shareContact', answers: message.id }),
	choose: ({ id, list }) => {
		const groups = list.sections.map(({ title, rows }) => ({ heading: title, choices: rows.map((row) => ({ title: row.title, description: row.description, go: () => does({ act: 'choose', message: id, row: row.id }) })) }));
		chooseFrom(list.button, groups);
	},
	copy: async (code) => {
		try {
			await navigator.clipboard.writeText(code);
			say(`Code ${code} copied.`);
		} catch {
			refuse('The browser does not let this page copy. Select the code instead.');
		}
	},
};

async function shareLocation(answers) {
	const found = await ask('/places');
	if (!found) return;
	const choices = found.places.map(({ name, address, latitude, longitude }, place) => ({ title: name ?? 'Where I am', description: address ?? `${latitude}, ${longitude}`, go: () => does({ act: 'shareLocation', place, answers }) }));
	chooseFrom('Share a location', [{ choices }]);
}

function attach() {
	const answers = quoting?.id;
	const sample = (title, description, kind) => ({ title, description, go: async () => (await does({ act: 'sendSample', sample: kind, answers })) && quote(undefined) });
	chooseFrom('Send something', [
		{
			choices: [
				sample('Picture', 'A sample: a pothole', 'picture'),
				sample('Voice message', 'A sample of three seconds', 'voice'),
				sample('Document', 'A sample: a letter as PDF', 'document'),
				{ title: 'Location', description: 'A place in Aldersea', go: () => shareLocation(answers) },
				{ title: 'Own contact', description: 'Name and number of this person', go: () => does({ act: 'shareContact', answers }) },
			],
		},
	]);
}

function changeNumber() {
	askFor('Change number', 'New number', 'For example 07700 900456. The chat moves along; the old number reaches nobody.', async (to, told) => {
		const answer = await act('/act', { number: phone.number, act: 'changeNumber', to }, told);
		if (!answer) return false;
		await openPhone(answer.number, { focus: false });
		say(`${phone.name} has another number now.`);
		return true;
	});
}

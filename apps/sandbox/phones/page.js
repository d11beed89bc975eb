'use strict';

// Everything a message contains is set as text, never as markup. Cards and messages are changed in place, so that a
// half-typed answer and the keyboard focus survive every update.

const wall = document.getElementById('wall');
const search = document.getElementById('search');
const cards = new Map();
let limit = 24;
let loading = false;
let changedMeanwhile = false;

const tickWords = { accepted: 'Waiting', sent: 'Sent', delivered: 'Delivered', read: 'Read', failed: 'Not delivered' };
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/London' });
const calendar = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'Europe/London' });

function element(tag, className, text) {
	const made = document.createElement(tag);
	if (className) made.className = className;
	if (text !== undefined) made.textContent = text;
	return made;
}

function ticks(state) {
	const holder = element('span', `ticks ${state}`);
	const double = state === 'delivered' || state === 'read';
	const namespace = 'http://www.w3.org/2000/svg';
	const svg = document.createElementNS(namespace, 'svg');
	svg.setAttribute('viewBox', '0 0 18 12');
	svg.setAttribute('aria-hidden', 'true');
	for (const shift of double ? [0, 5] : [2]) {
		const path = document.createElementNS(namespace, 'path');
		path.setAttribute('d', `M${1 + shift} 6.5 ${4.5 + shift} 10 ${11 + shift} 2`);
		svg.append(path);
	}
	holder.append(svg, tickWords[state] ?? state);
	return holder;
}

function buttonOf(button, index, message, number) {
	if (button.kind === 'url' && /^https?:\/\//i.test(button.url)) {
		const link = element('a', '', `${button.text} ↗`);
		link.href = button.url;
		link.target = '_blank';
		link.rel = 'noopener noreferrer';
		link.title = button.url;
		return link;
	}
	if (button.kind === 'quick_reply') {
		const tap = element('button', '', button.text);
		tap.type = 'button';
		tap.addEventListener('click', () => post('/tap', { number, message: message.id, button: index }));
		return tap;
	}
	return element('span', '', button.kind === 'phone_number' ? `${button.text} (${button.phone})` : button.text);
}

function messageItem(message, number) {
	const item = element('li', `message ${message.from} new`);
	item.dataset.id = message.id;
	const bubble = element('div', 'bubble');
	if (message.header) bubble.append(element('p', 'head', message.header.text ?? `[${message.header.kind}]`));
	bubble.append(element('p', 'body', message.body));
	if (message.footer) bubble.append(element('p', 'foot', message.footer));
	const meta = element('p', 'meta');
	const time = element('time', '', clock.format(new Date(message.at)));
	time.dateTime = message.at;
	meta.append(time, ticks(message.tick));
	bubble.append(meta);
	item.append(bubble);
	if (message.buttons.length > 0) {
		const buttons = element('div', 'buttons');
		buttons.append(...message.buttons.map((button, index) => buttonOf(button, index, message, number)));
		item.append(buttons);
	}
	return item;
}

function showMessages(card, phone) {
	const { chat, items } = card;
	const atEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 60;
	let added = false;
	for (const message of phone.messages) {
		const shown = items.get(message.id);
		if (shown) {
			if (shown.tick === message.tick) continue;
			shown.tick = message.tick;
			shown.item.querySelector('.ticks').replaceWith(ticks(message.tick));
			continue;
		}
		const day = calendar.format(new Date(message.at));
		if (day !== card.day) chat.append(element('li', 'day', day));
		card.day = day;
		const item = messageItem(message, phone.number);
		items.set(message.id, { item, tick: message.tick });
		chat.append(item);
		added = true;
	}
	if (added && atEnd) chat.scrollTop = chat.scrollHeight;
}

function newCard(phone, council) {
	const article = document.getElementById('phone').content.firstElementChild.cloneNode(true);
	const chat = article.querySelector('.chat');
	const input = article.querySelector('.answer input');
	article.querySelector('h2').textContent = phone.name;
	article.querySelector('.owner p').textContent = phone.number.replace(/^\+44(\d{4})(\d{6})$/, '+44 $1 $2');
	article.querySelector('.who strong').textContent = council;
	article.querySelector('.avatar').textContent = council.slice(0, 1);
	article.setAttribute('aria-label', `Phone of ${phone.name}`);
	chat.setAttribute('aria-label', `Messages on the phone of ${phone.name}`);
	input.setAttribute('aria-label', `Message from ${phone.name}`);
	article.querySelector('.quick').setAttribute('aria-label', `Send STOP from ${phone.name}`);
	article.querySelector('.answer').addEventListener('submit', async (event) => {
		event.preventDefault();
		const text = input.value;
		if (text.trim() === '') return;
		input.value = '';
		if (!(await post('/answer', { number: phone.number, text }))) input.value = text;
	});
	article.querySelector('.quick').addEventListener('click', () => post('/answer', { number: phone.number, text: 'STOP' }));
	return { article, chat, items: new Map(), day: undefined };
}

function flagOf(phone) {
	if (phone.stranger) return 'A stranger’s phone: the number was sent without its “+”.';
	if (phone.lost > 0) return `${phone.lost} ${phone.lost === 1 ? 'message' : 'messages'} did not arrive (${phone.lastLostCode}).`;
	return '';
}

function show({ council, webhook, total, found, phones }) {
	const present = new Set();
	for (const phone of phones) {
		present.add(phone.number);
		let card = cards.get(phone.number);
		if (!card) {
			card = newCard(phone, council);
			cards.set(phone.number, card);
			wall.append(card.article);
		}
		const flag = card.article.querySelector('.flag');
		flag.textContent = flagOf(phone);
		flag.hidden = flag.textContent === '';
		showMessages(card, phone);
	}
	for (const [number, card] of cards) {
		if (present.has(number) || card.article.contains(document.activeElement)) continue;
		card.article.remove();
		cards.delete(number);
	}
	const listening = webhook ? 'Answers go to the council’s desk.' : 'No desk is listening yet: answers stay here.';
	document.getElementById('summary').textContent = `${total} ${total === 1 ? 'phone' : 'phones'}${found === total ? '' : `, ${found} found`}. ${listening}`;
	document.getElementById('empty').hidden = phones.length > 0;
	document.getElementById('more').hidden = found <= phones.length;
}

function notice(text) {
	const place = document.getElementById('notice');
	place.textContent = text;
	place.hidden = text === '';
}

async function load() {
	if (loading) {
		changedMeanwhile = true;
		return;
	}
	loading = true;
	try {
		const response = await fetch(`/wall?${new URLSearchParams({ search: search.value, limit })}`);
		show(await response.json());
		notice('');
	} catch {
		// The sandbox was stopped; the page says so and goes on when it is back.
		notice('The sandbox does not answer. This page goes on as soon as it is back.');
	}
	loading = false;
	if (!changedMeanwhile) return;
	changedMeanwhile = false;
	load();
}

async function post(path, body) {
	try {
		const response = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
		notice(response.ok ? '' : (await response.json()).message);
		return response.ok;
	} catch {
		notice('The sandbox does not answer.');
		return false;
	}
}

document.getElementById('find').addEventListener('submit', (event) => event.preventDefault());
search.addEventListener('input', load);
document.getElementById('invite').addEventListener('submit', async (event) => {
	event.preventDefault();
	const number = document.getElementById('number');
	if (await post('/invite', { number: number.value })) number.value = '';
});
document.getElementById('more').addEventListener('click', () => {
	limit += 24;
	load();
});

const changes = new EventSource('/changes');
changes.addEventListener('message', load);
changes.addEventListener('error', () => notice('The sandbox does not answer. This page goes on as soon as it is back.'));
load();

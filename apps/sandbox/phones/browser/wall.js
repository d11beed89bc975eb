import { bubbleItem } from './bubble.js';
import { element, setText } from './dom.js';
import { flagList } from './flags.js';
import { ask } from './talk.js';

const wall = document.getElementById('wall');
const more = document.getElementById('more');
const search = document.getElementById('search');
const show = document.getElementById('show');
const sort = document.getElementById('sort');
const summary = document.getElementById('summary');
const empty = document.getElementById('empty');

const pageSize = 60;
/** By number. */
const cards = new Map();
let limit = pageSize;

/** @param open called with the number of the phone that somebody wants to hold */
export function watchWall(open, changed) {
	wall.addEventListener('click', (event) => {
		const card = event.target.closest('.card');
		if (card) open(card.dataset.number);
	});
	const again = () => {
		limit = pageSize;
		changed();
	};
	search.addEventListener('input', again);
	for (const choice of [show, sort]) choice.addEventListener('change', again);
	more.addEventListener('click', async () => {
		const first = cards.size;
		limit += pageSize;
		await changed();
		// The button may be gone now; the first phone that it brought is where reading goes on.
		wall.children[first]?.querySelector('button').focus();
	});
	document.getElementById('find').addEventListener('submit', (event) => event.preventDefault());
}

export function forgetCards() {
	cards.clear();
	wall.replaceChildren();
}

/** Marks the phone that is open. */
export function markOpen(number) {
	for (const [each, { item, name }] of cards) {
		item.classList.toggle('held', each === number);
		name.setAttribute('aria-expanded', String(each === number));
	}
}

export function focusCard(number) {
	(cards.get(number)?.name ?? wall.querySelector('button') ?? search).focus();
}

/**
 * Fetches the phones that changed, or all that the search finds.
 *
 * @param changed numbers; without them everything is fetched
 * @returns the answer, or undefined while the sandbox is away
 */
export async function refreshWall(changed, opened) {
	const query = { search: search.value, show: show.value, sort: sort.value, limit };
	const only = changed?.filter((number) => cards.has(number)).join(',');
	const found = await ask('/wall', { ...query, only: changed ? only || 'none' : undefined });
	if (!found) return undefined;
	for (const phone of found.phones) hang(phone, found.council);
	const missing = found.order.filter((number) => !cards.has(number));
	for (let start = 0; start < missing.length; start += 400) {
		const rest = await ask('/wall', { ...query, only: missing.slice(start, start + 400).join(',') });
		for (const phone of rest?.phones ?? []) hang(phone, found.council);
	}
	arrange(found.order);
	markOpen(opened);
	tell(found);
	return found;
}

function tell({ total, found, order, webhook }) {
	const listening = webhook ? 'Answers go to the council’s desk.' : 'No desk is listening yet: answers stay here.';
	const shown = order.length < found ? `, ${order.length} shown` : '';
	setText(summary, `${total} ${total === 1 ? 'phone' : 'phones'}${found === total ? '' : `, ${found} found`}${shown}. ${listening}`);
	empty.hidden = found > 0;
	setText(empty, total === 0 ? 'No phone has a message yet. Send a broadcast, or add a phone and write to the council.' : 'No phone fits the search.');
	more.hidden = found <= order.length;
}

function hang(phone, council) {
	const known = cards.get(phone.number);
	const signature = JSON.stringify(phone);
	if (known?.signature === signature) return;
	const card = known ?? newCard(phone);
	card.signature = signature;
	cards.set(phone.number, card);
	setText(card.name, phone.name);
	const flags = flagList(phone);
	card.flags.replaceWith(flags);
	card.flags = flags;
	card.chat.replaceChildren(...phone.messages.map((message) => bubbleItem(message, { council, name: phone.name })));
	card.item.classList.toggle('away', !phone.online || phone.blocked || phone.movedTo !== undefined);
}

function newCard(phone) {
	const name = element('button', { type: 'button', className: 'hold', 'aria-expanded': 'false', 'aria-controls': 'phone' });
	const flags = element('ul', { className: 'flags' });
	const chat = element('ol', { className: 'chat', 'aria-label': 'Newest messages' });
	const head = element('div', { className: 'owner' }, element('h3', {}, name), element('p', { className: 'number' }, phone.written));
	const item = element('li', { className: 'card', 'data-number': phone.number }, head, flags, element('div', { className: 'device' }, chat));
	return { item, name, flags, chat };
}

/** Puts the cards in order, moving as few as it takes, and never the one that has the focus out of the page. */
function arrange(order) {
	const wanted = new Set(order);
	for (const [number, { item }] of cards) {
		if (wanted.has(number) || item.contains(document.activeElement)) continue;
		item.remove();
		cards.delete(number);
	}
	let place = wall.firstElementChild;
	for (const number of order) {
		const item = cards.get(number)?.item;
		if (!item) continue;
		if (item === place) place = place.nextElementSibling;
		else if (!item.contains(document.activeElement)) wall.insertBefore(item, place);
	}
}

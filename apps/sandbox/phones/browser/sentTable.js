import { element } from './dom.js';
import { ask } from './talk.js';

const details = document.getElementById('sent');
const body = document.getElementById('sent-lines');
const none = document.getElementById('sent-none');
const time = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZone: 'Europe/London' });
const everyMs = 1000;

let waiting = false;
let last = 0;

export function watchSent() {
	details.addEventListener('toggle', () => {
		if (details.open) refresh();
	});
}

/** Counts again, at most once a second, and only where somebody looks. */
export function sentChanged() {
	if (!details.open || waiting) return;
	waiting = true;
	setTimeout(() => {
		waiting = false;
		refresh();
	}, Math.max(0, last + everyMs - performance.now()));
}

async function refresh() {
	last = performance.now();
	const answer = await ask('/sent');
	if (!answer) return;
	none.hidden = answer.lines.length > 0;
	details.querySelector('table').hidden = answer.lines.length === 0;
	body.replaceChildren(...answer.lines.map(line));
}

function line({ label, example, at, people, messages, now, answered }) {
	const numbers = [people, messages, now.accepted, now.sent, now.delivered, now.read, now.failed + now.silent, answered];
	return element('tr', {}, element('th', { scope: 'row' }, label, element('small', {}, example)), element('td', { className: 'when' }, time.format(new Date(at))), ...numbers.map((number) => element('td', {}, String(number))));
}

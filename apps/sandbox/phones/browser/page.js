import { closePhone, openNumber, openPhone, refreshPhone, watchOpenPhone } from './openPhone.js';
import { setClock } from './sandboxClock.js';
import { sentChanged, watchSent } from './sentTable.js';
import { confirmFirst } from './sheets.js';
import { act, lost, say } from './talk.js';
import { focusCard, forgetCards, markOpen, refreshWall, watchWall } from './wall.js';

/** Numbers that changed since the last look, or `all`. */
let changed = new Set();
let everything = false;
let looking;
let generation;

/** Looks again at what changed; while one look is under way, the next one waits. */
function look(numbers) {
	if (numbers) for (const number of numbers) changed.add(number);
	else everything = true;
	looking ??= lookUntilSeen().finally(() => (looking = undefined));
	return looking;
}

async function lookUntilSeen() {
	while (everything || changed.size > 0) {
		const [numbers, all] = [[...changed], everything];
		changed = new Set();
		everything = false;
		const opened = openNumber();
		const found = await refreshWall(all ? undefined : numbers, opened);
		if (found) setClock(found.clock);
		if (opened && (all || numbers.includes(opened))) await refreshPhone();
		sentChanged();
	}
}

/** Other phones hang here now, or these were emptied. */
function startAfresh(next) {
	if (generation !== undefined && generation !== next) {
		forgetCards();
		closePhone({ silent: true });
		say('The phones were reset.');
	}
	generation = next;
	return look();
}

const live = new EventSource('/changes');
live.addEventListener('hello', ({ data }) => startAfresh(JSON.parse(data).generation));
live.addEventListener('reset', ({ data }) => startAfresh(JSON.parse(data).generation));
live.addEventListener('changed', ({ data }) => {
	const { phones } = JSON.parse(data);
	look(phones);
});
live.addEventListener('error', lost);

watchWall((number) => openPhone(number), () => look());
watchSent();
watchOpenPhone((number, before) => {
	markOpen(number);
	history.replaceState(undefined, '', number ? `#${number}` : location.pathname);
	if (!number && before) focusCard(before);
});

const number = document.getElementById('number');
const numberError = document.getElementById('number-error');
function refuseNumber(text) {
	numberError.textContent = text;
	numberError.hidden = text === '';
	number.setAttribute('aria-invalid', String(text !== ''));
	if (text !== '') number.focus();
}
number.addEventListener('input', () => refuseNumber(''));
document.getElementById('invite').addEventListener('submit', async (event) => {
	event.preventDefault();
	const name = document.getElementById('name');
	const answer = await act('/invite', { number: number.value, ...(name.value.trim() !== '' && { name: name.value }) }, refuseNumber);
	if (!answer) return;
	refuseNumber('');
	number.value = '';
	name.value = '';
	await openPhone(answer.number);
});

document.getElementById('pass').addEventListener('submit', async (event) => {
	event.preventDefault();
	const choice = document.getElementById('pass-ms');
	const clock = await act('/pass', { ms: Number(choice.value) });
	if (!clock) return;
	setClock(clock);
	say(`${choice.selectedOptions[0].textContent} has passed.`);
	look();
});

document.getElementById('reset').addEventListener('click', () => {
	confirmFirst('Empty all phones?', 'Every message and every setting of these phones goes. Templates stay.', 'Empty all phones', () => act('/reset', {}));
});

if (/^#\+\d+$/.test(location.hash)) openPhone(location.hash.slice(1), { focus: false });

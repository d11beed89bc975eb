// What goes to the sandbox and comes from it, and what the page says about it.

import { setText } from './dom.js';

const alertBox = document.getElementById('alert');
const alertText = document.getElementById('alert-text');
const said = document.getElementById('said');

const silent = 'The sandbox does not answer. This page goes on as soon as it is back.';

document.getElementById('alert-close').addEventListener('click', () => refuse(''));

/** Says what did not work; an empty text takes it away. */
export function refuse(text) {
	setText(alertText, text);
	alertBox.hidden = text === '';
}

/** Lets a screen reader say something when it is ready to. */
export function say(text) {
	// The same text twice is said twice only where the place was empty in between.
	said.textContent = '';
	requestAnimationFrame(() => (said.textContent = text));
}

/** @returns the answer, or undefined while the sandbox is away */
export async function ask(path, query = {}) {
	const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
	try {
		const response = await fetch(given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`);
		if (!response.ok) return undefined;
		if (alertText.textContent === silent) refuse('');
		return await response.json();
	} catch {
		refuse(silent);
		return undefined;
	}
}

/** @returns the answer, or undefined when it was refused; `told` hears why, otherwise the page's alert does */
export async function act(path, body, told = refuse) {
	try {
		const response = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
		const answer = await response.json();
		if (!response.ok) {
			told(answer.message);
			return undefined;
		}
		refuse('');
		if (answer.said) say(answer.said);
		return answer;
	} catch {
		refuse(silent);
		return undefined;
	}
}

export function lost() {
	refuse(silent);
}

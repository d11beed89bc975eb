// Dialogs. The browser keeps the focus inside them and gives it back when they close.

import { button, element } from './dom.js';

const sheet = document.getElementById('sheet');
const title = document.getElementById('sheet-title');
const content = document.getElementById('sheet-content');

document.getElementById('sheet-close').addEventListener('click', () => sheet.close());
sheet.addEventListener('click', (event) => {
	// A click on the dialog itself is one beside its contents.
	if (event.target === sheet) sheet.close();
});

function open(heading, ...children) {
	title.textContent = heading;
	content.replaceChildren(...children);
	sheet.showModal();
}

export function closeSheet() {
	if (sheet.open) sheet.close();
}

/** @param choices `{title, description, go}` in groups with an optional heading */
export function chooseFrom(heading, groups) {
	const parts = groups.map(({ heading: group, choices }) => {
		const items = choices.map(({ title: text, description, go }) => {
			const choice = button(text, () => {
				sheet.close();
				go();
			});
			if (description) choice.append(element('small', {}, description));
			return element('li', {}, choice);
		});
		const list = element('ul', {}, ...items);
		return group ? element('section', {}, element('h3', {}, group), list) : list;
	});
	open(heading, ...parts);
}

/** Asks before something that cannot be taken back. */
export function confirmFirst(heading, text, yes, go) {
	open(heading, element('p', {}, text), element('div', { className: 'row' }, button(yes, () => {
		sheet.close();
		go();
	}, { className: 'danger' }), button('Cancel', () => sheet.close())));
}

/** Asks for one line of text. `go` gets it, and a function that shows what was wrong with it. */
export function askFor(heading, label, hint, go) {
	const error = element('p', { className: 'error', id: 'asked-error', role: 'alert', hidden: true });
	const input = element('input', { id: 'asked', autocomplete: 'off', inputmode: 'tel', required: true, 'aria-describedby': 'asked-hint asked-error' });
	const refuse = (text) => {
		error.textContent = text;
		error.hidden = text === '';
		input.setAttribute('aria-invalid', String(text !== ''));
		input.focus();
	};
	const form = element('form', { className: 'asking', onsubmit: async (event) => {
		event.preventDefault();
		if (await go(input.value, refuse)) sheet.close();
	} }, element('label', { for: 'asked' }, label), element('p', { id: 'asked-hint', className: 'hint' }, hint), input, error, element('button', { className: 'strong' }, 'Save'));
	open(heading, form);
	input.focus();
}

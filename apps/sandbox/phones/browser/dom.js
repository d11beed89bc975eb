// Everything a message contains is set as text, never as markup.

const svgNamespace = 'http://www.w3.org/2000/svg';

/** @returns an element with attributes, properties (`on…` listeners, `className`) and children; texts become text nodes */
export function element(tag, attributes = {}, ...children) {
	const made = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (value === undefined || value === false) continue;
		if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
		else if (name === 'className') made.className = value;
		else made.setAttribute(name, value === true ? '' : value);
	}
	made.append(...children.filter((child) => child !== undefined && child !== false && child !== ''));
	return made;
}

export function button(text, press, attributes = {}) {
	return element('button', { type: 'button', onclick: press, ...attributes }, text);
}

/** A drawing that says nothing to a screen reader. */
export function drawing(viewBox, ...paths) {
	const svg = document.createElementNS(svgNamespace, 'svg');
	svg.setAttribute('viewBox', viewBox);
	svg.setAttribute('aria-hidden', 'true');
	for (const path of paths) {
		const line = document.createElementNS(svgNamespace, 'path');
		line.setAttribute('d', path);
		svg.append(line);
	}
	return svg;
}

/** Text that only a screen reader says. */
export function unseen(text) {
	return element('span', { className: 'unseen' }, text);
}

/** Puts `next` in the place of `old`; the focus stays on the control with the same `data-key`. */
export function replaceKeepingFocus(old, next) {
	const focused = old.contains(document.activeElement) ? document.activeElement : undefined;
	const open = [...old.querySelectorAll('details[open]')].map(({ dataset }) => dataset.key);
	old.replaceWith(next);
	for (const details of next.querySelectorAll('details')) if (open.includes(details.dataset.key)) details.open = true;
	if (!focused) return;
	const key = focused.dataset.key;
	const same = key === undefined ? undefined : [...next.querySelectorAll('[data-key]')].find(({ dataset }) => dataset.key === key);
	(same ?? next.closest('[tabindex]'))?.focus({ preventScroll: true });
}

/** Sets a text only where it is another, so that nothing is announced again. */
export function setText(place, text) {
	if (place.textContent !== text) place.textContent = text;
}

import { element } from './dom.js';

/** What is special about a phone just now, each in a word or two. */
export function flagsOf({ online, blocked, movedTo, stranger, marketingStopped, readsByItself, unread, waiting, lost }) {
	const count = (number, one, many) => `${number} ${number === 1 ? one : many}`;
	return [
		movedTo && ['warn', `Number given up, now ${movedTo}`],
		stranger && ['warn', 'A stranger’s phone: the number was sent without its “+”'],
		!online && ['warn', 'Offline'],
		blocked && ['warn', 'Blocks the council'],
		marketingStopped && ['warn', 'Stopped marketing'],
		lost > 0 && ['bad', `${lost} not delivered`],
		waiting > 0 && ['plain', `${waiting} waiting`],
		unread > 0 && !readsByItself && ['plain', count(unread, 'unread message', 'unread messages')],
	].filter(Boolean);
}

export function flagList(phone) {
	const flags = flagsOf(phone);
	return element('ul', { className: 'flags', ...(flags.length === 0 && { hidden: true }) }, ...flags.map(([kind, text]) => element('li', { className: kind }, text)));
}

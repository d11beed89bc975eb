import { drawing, element } from './dom.js';

const words = { accepted: 'Accepted', sent: 'Sent', delivered: 'Delivered', read: 'Read', played: 'Played', failed: 'Not delivered' };

const single = ['M3 6.5 6.5 10 13 2'];
const double = ['M1 6.5 4.5 10 11 2', 'M6.5 8.5 8 10 14.5 2'];
const drawings = {
	accepted: ['M8 1.5a4.5 4.5 0 1 0 .01 0M8 3.5V6l2 1.5'],
	sent: single,
	delivered: double,
	read: double,
	played: ['M5 2v8l7-4z'],
	failed: ['M8 2v5M8 9.6v.1'],
};

/** How far a message of the council got, as a drawing and in a word. */
export function ticks({ tick, from, silence }) {
	const text = silence === 'expired' ? 'Too late' : silence ? 'Never arrives' : from === 'resident' ? (tick === 'read' ? 'Read by the council' : 'Sent') : (words[tick] ?? tick);
	return element('span', { className: `ticks ${silence ? 'failed' : tick}`, 'data-tick': tick }, drawing('0 0 16 12', ...(drawings[silence ? 'failed' : tick] ?? single)), text);
}

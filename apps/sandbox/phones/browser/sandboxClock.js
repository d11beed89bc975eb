import { setText } from './dom.js';

const place = document.getElementById('clock');
const shown = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: 'Europe/London' });

let known;

/** @param now milliseconds since the epoch by the sandbox's clock, and `rate` how much faster than ours it goes */
export function setClock({ now, rate }) {
	known = { now, rate, since: performance.now() };
	tick();
}

function tick() {
	if (!known) return;
	const now = new Date(known.now + (performance.now() - known.since) * known.rate);
	setText(place, shown.format(now));
	place.dateTime = now.toISOString();
}

setInterval(tick, 1000);

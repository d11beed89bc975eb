import { createWake } from '../../core/desk/wake';
import { Desk } from '../../core/desk/desk';
import type { Store } from '../../core/store/store';
import { systemClock } from '../../core/world';

/** One desk a store: the timer that tends it and the calls that reach it share its counts. */
const desks = new WeakMap<Store, Desk>();

export function deskOver(store: Store): Desk {
	const known = desks.get(store);
	if (known !== undefined) return known;
	const desk = new Desk(store, systemClock, createWake());
	desks.set(store, desk);
	return desk;
}

import { isDeepStrictEqual } from 'node:util';
import { fieldName } from '../rules/fieldName';
import type { Service } from '../rules/service';
import type { Comparison, RuleDifference } from './difference';
import { limitedTo, listWords } from './lists';

const field = fieldName(['services']);

/** A service that is named may ask; its own lists limit what for. The first of a name counts, so a name that stands twice is not understood. */
export function compareServices(inForce: Service[], proposed: Service[]): Comparison<Service[]> {
	if (isDeepStrictEqual(inForce, proposed)) return { differences: [], atOnce: inForce };
	if (hasDoubles(inForce) || hasDoubles(proposed)) {
		return { differences: [{ field, before: all(inForce), after: all(proposed), direction: 'loosens' }], atOnce: inForce };
	}
	const differences: RuleDifference[] = [];
	const kept: Service[] = [];
	for (const service of proposed) {
		const before = inForce.find(({ name }) => name === service.name);
		if (before === undefined) differences.push({ field, before: 'not named', after: serviceWords(service), direction: 'loosens' });
		else kept.push(compareOne(before, service, differences));
	}
	for (const service of inForce) {
		if (!proposed.some(({ name }) => name === service.name)) differences.push({ field, before: serviceWords(service), after: 'not named', direction: 'tightens' });
	}
	// A channel names at least one service: until the new ones are signed, the old ones stay.
	return { differences, atOnce: kept.length === 0 ? inForce : kept };
}

function compareOne(before: Service, after: Service, differences: RuleDifference[]): Service {
	const merged = { ...after };
	for (const limit of ['requesters', 'topics', 'areas'] as const) {
		const { differences: found, atOnce } = limitedTo(['services', limit], 'any', (list) => `${after.name}: ${listWords(list, 'any')}`)(before[limit], after[limit]);
		differences.push(...found);
		merged[limit] = atOnce;
	}
	return merged;
}

function hasDoubles(services: Service[]): boolean {
	return new Set(services.map(({ name }) => name)).size < services.length;
}

function all(services: Service[]): string {
	return services.map(serviceWords).join('; ');
}

function serviceWords({ name, requesters, topics, areas }: Service): string {
	const limits = [['asked for by', requesters], ['about', topics], ['in', areas]] as const;
	const said = limits.flatMap(([what, list]) => (list.length === 0 ? [] : [`${what} ${list.join(', ')}`]));
	return said.length === 0 ? name : `${name} (${said.join('; ')})`;
}

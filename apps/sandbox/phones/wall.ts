import { z } from 'zod';
import type { Resident } from '../residents/residents';
import type { SandboxInside } from '../sandbox';
import { lastSign, showPhone, unreadOf, waitingOf, type ShownPhone } from './shownPhone';

/** How many messages of a phone the wall shows. */
const messagesOnWall = 3;

const showing = {
	all: () => true,
	wrote: ({ written }: Resident) => written > 0,
	unread: (resident: Resident) => unreadOf(resident) > 0,
	waiting: (resident: Resident) => waitingOf(resident) > 0,
	failed: ({ lost }: Resident) => lost > 0,
	unreachable: ({ state }: Resident) => !state.online || state.blocked || state.movedTo !== undefined,
	stopped: ({ state }: Resident) => state.marketingStopped,
	strangers: ({ stranger }: Resident) => stranger,
} satisfies Record<string, (resident: Resident) => boolean>;

type Showing = keyof typeof showing;

const querySchema = z.object({
	search: z.string().max(200).default(''),
	show: z.enum(Object.keys(showing) as [Showing, ...Showing[]]).catch('all'),
	sort: z.enum(['first', 'latest', 'name']).catch('first'),
	limit: z.coerce.number().int().min(1).max(1000).catch(60),
	/** Numbers with commas: only these phones, and only where they belong on the wall. */
	only: z.string().optional(),
});

export interface Wall {
	readonly council: string;
	/** Whether a desk listens to what residents write. */
	readonly webhook: boolean;
	readonly total: number;
	readonly found: number;
	/** In the order in which they hang. */
	readonly order: readonly string[];
	readonly phones: readonly ShownPhone[];
}

/** The phones that a search and a filter find. */
export function readWall(query: URLSearchParams, { residents, account, webhooks, clock }: SandboxInside): Wall {
	const { search, show, sort, limit, only } = querySchema.parse(Object.fromEntries(query));
	const fits = searchFor(search);
	const found: Resident[] = [];
	let total = 0;
	for (const resident of residents.all()) {
		if (!resident.onWall) continue;
		total++;
		if (fits(resident) && showing[show](resident)) found.push(resident);
	}
	if (sort === 'latest') found.sort((one, other) => lastSign(other) - lastSign(one));
	if (sort === 'name') found.sort((one, other) => one.name.localeCompare(other.name, 'en-GB'));
	const hung = found.slice(0, limit);
	const wanted = only === undefined ? undefined : new Set(only.split(','));
	return {
		council: account.name,
		webhook: webhooks.url !== undefined,
		total,
		found: found.length,
		order: hung.map(({ number }) => `+${number}`),
		phones: hung.filter(({ number }) => !wanted || wanted.has(`+${number}`)).map((resident) => ({ ...showPhone(resident, messagesOnWall, clock.now()), typingMs: 0 })),
	};
}

function searchFor(text: string): (resident: Resident) => boolean {
	const wanted = text.trim().toLowerCase();
	if (wanted === '') return () => true;
	// A trunk zero, a prefix for abroad and a plus stand for the same digits.
	const digits = /^[\d\s+()-]+$/.test(wanted) ? wanted.replace(/\(0\)/g, '').replace(/\D/g, '').replace(/^0+/, '') : '';
	return ({ name, number }) => name.toLowerCase().includes(wanted) || (digits !== '' && number.includes(digits));
}

import { dirname, resolve } from 'node:path';

/**
 * Who may import whom. `nodes` and `apps` know the core, and the core knows neither; inside the core each tier knows
 * itself and the tiers below.
 */

/** Folders of the core, from the top. A folder that is not listed here may be imported by no other. */
export const coreTiers = [
	['desk'],
	['approval', 'dispatch', 'inbox', 'poll'],
	['audience', 'message', 'channel', 'whatsapp'],
	['ledger', 'store'],
];

/** Files at the top of the core that stand below all tiers. */
const coreFloor = ['errors', 'world'];

const tierZones = coreTiers.flatMap((tier, depth) =>
	tier.map((folder) => ({
		target: `./core/${folder}`,
		from: './core',
		except: [...coreTiers.slice(depth).flat(), ...coreFloor].map((name) => `./${name}`),
		message: `core/${folder} may know ${[...coreTiers.slice(depth).flat(), ...coreFloor].join(', ')} and nothing else.`,
	})),
);

const floorZones = coreFloor.map((file) => ({
	target: `./core/${file}.ts`,
	from: './core',
	except: coreFloor.map((name) => `./${name}`),
	message: `core/${file}.ts is known to all of the core, so it knows none of it.`,
}));

const zone = (target, ...except) => ({
	target: `./${target}`,
	from: '.',
	except: except.map((name) => `./${name}`),
	message: `${target} may know ${except.join(', ')} and nothing else of this package.`,
});

export const arrowZones = [
	zone('core', 'core'),
	zone('credentials', 'core', 'credentials'),
	zone('nodes', 'core', 'nodes'),
	zone('index.ts', 'core', 'credentials', 'nodes'),
	zone('apps', 'apps', 'core', 'package.json'),
	// The auditor's program must not share a fault with the program whose records it checks.
	zone('apps/verify', 'apps/verify'),
	...tierZones,
	...floorZones,
];

/**
 * Arrows are about places, so a name that starts with a dot is resolved as a path and nothing else is looked at: the
 * file need not exist, nor have its extension written.
 */
export const placeResolver = {
	interfaceVersion: 3,
	name: 'place',
	resolve: (name, file) =>
		/^\.\.?(\/|$)/.test(name) ? { found: true, path: resolve(dirname(file), name) } : { found: false },
};

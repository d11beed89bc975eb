import { ok, problem, warning, type Check } from './finding';

/**
 * Until when Meta answers each version of the Graph API (Meta: "Graph API changelog", read in October 2026). For the newest
 * no end is announced; Meta gives each about two years.
 */
export const graphVersions = {
	asOf: '2026-10-10',
	newest: 26,
	until: { 21: '2027-01-21', 22: '2027-05-20', 23: '2027-10-08', 24: '2028-02-18', 25: '2028-07-29' } as Readonly<Record<number, string>>,
};

const soon = 90 * 24 * 3600_000;

export const graphVersion: Check = {
	name: 'graph-version',
	run: ({ settings, clock }) => {
		const version = settings.graphVersion;
		const major = Number(/^v(\d+)\./.exec(version)?.[1]);
		const until = graphVersions.until[major];
		const data = { version, until: until ?? null, newestKnown: `v${graphVersions.newest}.0`, asOf: graphVersions.asOf };
		const goOn = `Set ‘Graph Version’ of the credential to v${graphVersions.newest}.0.`;
		if (major >= graphVersions.newest) return ok(`${version} is a current version of Meta’s API.`, data);
		if (until === undefined) return problem(`${version} is older than any version that Meta still answers, by the table of ${graphVersions.asOf}.`, goOn, data);
		const left = Date.parse(until) - clock.now();
		if (left <= 0) return problem(`Meta withdrew ${version} on ${until}.`, goOn, data);
		if (left < soon) return warning(`Meta withdraws ${version} on ${until}.`, goOn, data);
		return ok(`Meta answers ${version} until ${until}.`, data);
	},
};

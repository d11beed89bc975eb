import { randomInt } from 'node:crypto';
import type { Clock } from './clock';
import { appId, otherAppId } from './cloudApi/account';
import type { App } from './delivery/webhookSender';
import type { JournalLimits } from './journal';
import { turnKnobs, type Knobs } from './knobs';

export interface SandboxOptions {
	/** A loopback address, or one of `allowedHosts`; default `127.0.0.1`. */
	host?: string;
	/** Hosts besides this computer that the sandbox may listen on, answer to, and send webhooks to: containers, say. */
	allowedHosts?: string[];
	/** Ports of the three servers; 0 (the default) lets the system choose. */
	port?: number;
	adminPort?: number;
	phonesPort?: number;
	/**
	 * Same seed, same fates and same message ids. Without one, each start has its own, so that ids never repeat
	 * towards a client that outlives the sandbox.
	 */
	seed?: number | string;
	/** Where webhooks go. The handshake is retried until the address answers. Loopback only. */
	webhook?: string;
	token?: string;
	appSecret?: string;
	verifyToken?: string;
	/** Allows a token that looks like one of Meta's (`EAA…`). */
	allowRealLookingToken?: boolean;
	/** Development mode: only these numbers may be messaged (131030 otherwise). */
	allowedRecipients?: string[];
	/** Residents who have a phone on the wall before any message arrives. */
	residents?: Array<{ number: string; name?: string }>;
	knobs?: Partial<Knobs>;
	/** Entries the journal keeps. The default holds a run of 50,000 messages with all their webhooks. */
	journalCapacity?: number;
	/** Characters that all entries of the journal may have together. */
	journalCharacters?: number;
	clock?: Clock;
	/** Sandbox time for machine time: 1 (the default) goes along, 60 makes a minute of a second, 0 stands still. */
	clockRate?: number;
	/** The time of day at the start, milliseconds since the epoch; the machine's by default. */
	startsAt?: number;
}

/** Options with nothing left open. */
export interface SandboxSettings {
	host: string;
	allowedHosts: ReadonlySet<string>;
	port: number;
	adminPort: number;
	phonesPort: number;
	seed: number | string;
	webhook: string | undefined;
	token: string;
	appSecret: string;
	/** The council's own app, and another one that somebody may point elsewhere. */
	apps: readonly [App, App];
	verifyToken: string;
	allowedRecipients: ReadonlySet<string> | undefined;
	residents: ReadonlyArray<{ number: string; name?: string }>;
	knobs: Knobs;
	journal: JournalLimits;
	clock: Clock | undefined;
	clockRate: number;
	startsAt: number | undefined;
}

/** A day in less than a tenth of a second; faster, and webhooks would not keep up. */
const fastestRate = 1_000_000;

const loopback = /^(127(\.\d{1,3}){3}|\[?::1\]?|localhost|[a-z0-9-]+\.localhost)$/i;

export function isLoopback(host: string): boolean {
	return loopback.test(host);
}

/** The shape of Meta's access tokens: letters `EAA` and a long run of letters and digits. */
export function looksLikeMetaToken(token: string): boolean {
	return /^EAA[A-Za-z0-9]/.test(token);
}

/** @throws Error with a sentence for the person who started the sandbox */
export function settle(options: SandboxOptions = {}): SandboxSettings {
	const host = options.host ?? '127.0.0.1';
	const allowedHosts = new Set(options.allowedHosts?.map((name) => name.toLowerCase()));
	if (!isLoopback(host) && !allowedHosts.has(host.toLowerCase())) throw new Error(`The sandbox listens on this computer only. Use 127.0.0.1 instead of ${host}, or start it with --allow-host ${host}.`);
	const token = options.token ?? 'sandbox-access-token';
	if (looksLikeMetaToken(token) && !options.allowRealLookingToken) {
		throw new Error('This token looks like a real one of Meta’s. Invent another for the sandbox, or start it with --allow-real-looking-token.');
	}
	if (options.webhook !== undefined) checkWebhookAddress(options.webhook, allowedHosts);
	const appSecret = options.appSecret ?? 'sandbox-app-secret';
	return {
		host,
		allowedHosts,
		port: options.port ?? 0,
		adminPort: options.adminPort ?? 0,
		phonesPort: options.phonesPort ?? 0,
		seed: options.seed ?? randomInt(2 ** 32),
		webhook: options.webhook,
		token,
		appSecret,
		apps: [
			{ id: appId, name: 'Civic Comms', secret: appSecret },
			{ id: otherAppId, name: 'Another App', secret: `other-${appSecret}` },
		],
		verifyToken: options.verifyToken ?? 'sandbox-verify-token',
		allowedRecipients: options.allowedRecipients && new Set(options.allowedRecipients.map(digitsOf)),
		residents: options.residents ?? [],
		knobs: turnKnobs(options.knobs),
		journal: { entries: options.journalCapacity ?? 300_000, characters: options.journalCharacters ?? 256 * 1024 * 1024 },
		clock: options.clock,
		clockRate: checkRate(options.clockRate ?? 1),
		startsAt: options.startsAt === undefined ? undefined : checkStart(options.startsAt),
	};
}

/** The end of the year 9999: every date until then is written with four digits. */
export const lastMoment = Date.UTC(10_000, 0) - 1;

function checkStart(startsAt: number): number {
	if (!(startsAt >= 0 && startsAt <= lastMoment)) throw new Error('The sandbox starts at a time between 1970 and 9999, such as 2026-11-24T18:00:00Z.');
	return startsAt;
}

/** @throws Error for a pace that the clock cannot go at */
export function checkRate(rate: number): number {
	if (!Number.isFinite(rate) || rate < 0 || rate > fastestRate) throw new Error(`The clock's rate is a number from 0 to ${fastestRate}.`);
	return rate;
}

/**
 * @param allowed hosts besides this computer
 * @throws Error when webhooks to this address would leave the computer
 */
export function checkWebhookAddress(address: string, allowed: ReadonlySet<string> = new Set()): URL {
	const url = URL.canParse(address) ? new URL(address) : undefined;
	if (!url || !['http:', 'https:'].includes(url.protocol)) throw new Error(`${address} is not a web address.`);
	if (!isLoopback(url.hostname) && !allowed.has(url.hostname)) throw new Error(`Webhooks of the sandbox go to this computer only, not to ${url.hostname}.`);
	return url;
}

function digitsOf(number: string): string {
	return number.replace(/\D/g, '');
}

import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { adoptChannel, readAdoptionFacts, type AdoptionFacts } from '../../core/channel/adoptChannel';
import { CivicError, isCivicError } from '../../core/errors';
import { verifyStore } from '../../core/ledger/verifyStore';
import { storeFolder } from '../../core/store/location';
import { databaseFile, SqliteEngine } from '../../core/store/sqlite/engine';
import { systemClock, systemRandom } from '../../core/world';
import { readHostSettings } from '../../core/store/hostSettings';

const help = `Binds a store to a live channel. Run it on the machine that runs n8n, as the user that runs n8n.

  node main.js                          shows what the store holds
  node main.js --channel ID             binds it to the channel with this phone-number id
  node main.js --channel ID --by NAME   says who did it (default: the user of this machine)
  --folder PATH                         the store, when it is not in n8n's own folder

A new or swapped store knows no opt-outs and has no record. That is why a live channel sends nothing from a store
that nobody has looked at.
`;

function readArguments() {
	try {
		return parseArgs({
			options: {
				channel: { type: 'string' },
				by: { type: 'string' },
				folder: { type: 'string' },
				help: { type: 'boolean', short: 'h' },
			},
		}).values;
	} catch (cause) {
		throw new CivicError('input.invalid', cause instanceof Error ? cause.message : String(cause), help, { cause });
	}
}

/** Looking must not make a store: an empty one in a mistyped folder would look like one that lost everything. */
function requireStore(folder: string): void {
	if (existsSync(join(folder, databaseFile))) return;
	throw new CivicError(
		'store.unreachable',
		`There is no store in ${folder}.`,
		'Run this as the user that runs n8n, with the same N8N_USER_FOLDER, or name the folder with --folder. A store is made the first time a node runs.',
	);
}

/** Empty for a user without a name on this machine, as in some containers; then --by has to say who it is. */
function userName(): string {
	try {
		return userInfo().username;
	} catch (cause) {
		if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_SYSTEM_ERROR') return '';
		throw cause;
	}
}

async function main(): Promise<number> {
	const values = readArguments();
	if (values.help) {
		console.log(help);
		return 0;
	}
	const folder = storeFolder(values.folder, readHostSettings(process.env));
	requireStore(folder);
	const store = await SqliteEngine.open({ folder, clock: systemClock, random: systemRandom });
	try {
		show(folder, await store.execute(readAdoptionFacts, undefined));
		const ledger = await store.execute(verifyStore, { earlier: [] });
		console.log(`Ledger   ${ledger.ok ? 'verified' : 'DOES NOT VERIFY'}, ${ledger.size} entries`);
		console.log(`Key      ${ledger.verifierKey}`);
		console.log('         Give this key to the auditor and the data-protection officer now.');
		if (!ledger.ok) {
			for (const { code, entry, detail } of ledger.findings.slice(0, 10)) console.error(`  ${code}${entry === null ? '' : ` at entry ${entry}`}: ${detail}`);
			console.error('The ledger does not verify, so the store is not adopted. Restore the newest backup.');
			return 1;
		}
		if (values.channel === undefined) {
			console.log('\nNothing was changed. Add --channel ID to bind the store to a channel.');
			return 0;
		}
		const adopted = await store.execute(adoptChannel, { channelId: values.channel, operator: values.by ?? userName() });
		console.log(`\nChannel ${values.channel} ${adopted.already ? 'was bound to this store before' : 'is bound to this store now'} (${new Date(adopted.adoptedAt).toISOString()}).`);
		return 0;
	} finally {
		await store.close();
	}
}

function show(folder: string, facts: AdoptionFacts): void {
	console.log(`Store    ${folder}, made ${new Date(facts.createdAt).toISOString()}`);
	console.log(`Holds    ${facts.contacts} contacts, ${facts.optOuts} opt-outs, ${facts.ledgerSize} ledger entries`);
	for (const { id, name, mode, adoptedAt } of facts.channels) {
		console.log(`Channel  ${id}  ${name}, ${mode}, ${adoptedAt === null ? 'not bound' : `bound ${new Date(adoptedAt).toISOString()}`}`);
	}
	if (facts.channels.length === 0) console.log('Channel  none yet: run a node with the channel’s credential once');
}

main().then(
	(code) => {
		process.exitCode = code;
	},
	(thrown: unknown) => {
		console.error(isCivicError(thrown) ? `${thrown.message}\n${thrown.hint}` : thrown);
		process.exitCode = 1;
	},
);

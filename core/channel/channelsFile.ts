import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { z } from 'zod';
import { CivicError, isCivicError } from '../errors';
import { requireUnreachable, type HostSettings } from '../store/location';
import { parseChannelSettings, type CredentialFields } from './parseSettings';
import type { ChannelSettings } from './settings';

/** Channels as IT keeps them where no flow and no user of n8n can change them. Named by the setting `CIVIC_COMMS_CHANNELS`. */
export interface ChannelsFile {
	path: string;
	channels: CredentialFields[];
	/** Where the store lies; absent for the default. */
	storeFolder?: string;
}

const format = z.object({ store: z.object({ folder: z.string().min(1) }).strict().optional(), channels: z.array(z.record(z.unknown())).min(1, 'names no channel') }).strict();

/** What the form of the credential fills in by itself. */
export const fieldDefaults = {
	mode: 'training',
	graphUrl: 'https://graph.facebook.com',
	graphVersion: 'v26.0',
	signaturesNeeded: 1,
	decideWithinHours: 12,
	reach: 5000,
	messagesPerSecond: 40,
	zone: 'Europe/London',
	signOffTemplate: 'civic_sign_off_request',
	templateLanguage: 'en_GB',
};

/** Every field of the credential. Another one is a slip of the pen, and the rule that was meant would silently be missing. */
const knownFields = new Set([
	...Object.keys(fieldDefaults),
	...['channelName', 'accessToken', 'appSecret', 'previousAppSecret', 'verifyToken', 'phoneNumberId', 'businessAccountId', 'services', 'approvers', 'quietFrom', 'quietTo'],
	...['directMessages', 'directPeoplePerHour', 'directPeoplePerContent', 'directCountReplies', 'stages', 'extraAboveReach', 'extraAboveReachSignatures', 'extraTopics'],
	...['extraTopicsSignatures', 'extraInQuietHours', 'deputies', 'delegations', 'remindAfterHours', 'escalateAfterHours', 'confirmByCode', 'codeTemplate'],
	...['messagesPerPersonPerWeek', 'spendPerServicePerMonth', 'emergencyTopics'],
]);

/** Writable by the group, or anything at all for others. */
const tooOpen = 0o027;

/**
 * Reads the file anew each time it is needed, so that a change takes effect without a restart.
 * @throws CivicError channel.file when it is missing, open to others, or not understood; it never quotes what is in it
 */
export function readChannelsFile(path: string, host: HostSettings): ChannelsFile {
	if (!isAbsolute(path)) throw unusable(path, 'is not named by its whole path', 'Write the whole path into CIVIC_COMMS_CHANNELS.');
	requireClosed(path);
	requireUnreachable(path, host, () => unusable(path, 'can be reached by n8n’s file nodes, so any flow could read its tokens', 'Move it out of the folders of N8N_RESTRICT_FILE_ACCESS_TO.'));
	const parsed = format.safeParse(readJson(path));
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		throw unusable(path, `is not understood: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(), 'docs/hardening.md shows what it looks like.');
	}
	const { channels, store } = parsed.data;
	for (const channel of channels) {
		const unknown = Object.keys(channel).find((field) => !knownFields.has(field));
		if (unknown !== undefined) throw unusable(path, `holds a field "${unknown}" in channel ${nameOf(channel)}, which is not one of the credential`, 'docs/hardening.md lists the fields.');
	}
	for (const field of ['phoneNumberId', 'channelName']) {
		const values = channels.map((channel) => plain(channel[field]));
		const double = values.find((value, at) => value !== '' && values.indexOf(value) !== at);
		if (double !== undefined) throw unusable(path, `names ${double} twice`, 'Give each number and each name once.');
	}
	return { path, channels, ...(store === undefined ? {} : { storeFolder: store.folder }) };
}

/**
 * The channel that a credential names, by its Phone Number ID or else by its Channel Name.
 * @throws CivicError channel.file for a credential that holds secrets of its own, or names no channel of the file
 */
export function channelOfFile(file: ChannelsFile, credential: CredentialFields): ChannelSettings {
	const secret = ['accessToken', 'appSecret', 'previousAppSecret', 'verifyToken'].find((field) => plain(credential[field]) !== '');
	if (secret !== undefined) {
		throw new CivicError(
			'channel.file',
			`This n8n keeps its channels in a file of IT’s, but the credential "Civic WhatsApp API" holds ${secretNames[secret] ?? 'a secret'} of its own.`,
			'Empty Access Token, App Secret, Previous App Secret and Verify Token of the credential: it only names the channel.',
		);
	}
	const [id, name] = [plain(credential.phoneNumberId), plain(credential.channelName)];
	const found = file.channels.find((channel) => (id === '' ? plain(channel.channelName) === name && name !== '' : plain(channel.phoneNumberId) === id));
	if (found === undefined) {
		throw new CivicError(
			'channel.file',
			`The file of channels names no channel ${id === '' ? `"${String(credential.channelName ?? '')}"` : `with the Phone Number ID ${id}`}.`,
			`It names: ${file.channels.map(nameOf).join(', ')}. Enter one of these as Channel Name in the credential "Civic WhatsApp API", or have IT add the channel.`,
		);
	}
	try {
		return parseChannelSettings({ ...fieldDefaults, ...found });
	} catch (cause) {
		if (!isCivicError(cause)) throw cause;
		throw new CivicError('channel.file', `Channel ${nameOf(found)} in the file of channels cannot be used. ${cause.message}`, 'IT mends that field in the file named by CIVIC_COMMS_CHANNELS.', { cause });
	}
}

const secretNames: Record<string, string> = { accessToken: 'an Access Token', appSecret: 'an App Secret', previousAppSecret: 'a Previous App Secret', verifyToken: 'a Verify Token' };

/** @throws CivicError channel.file for a store credential that says where the store lies */
export function storeFolderOfFile(file: ChannelsFile, folder: string | undefined): string | undefined {
	if ((folder ?? '').trim() === '') return file.storeFolder;
	throw new CivicError(
		'channel.file',
		'This n8n keeps its channels in a file of IT’s, but the credential "Civic Store API" names a store of its own.',
		'Empty Folder of that credential, or take it out of the nodes. Where the store lies is said in the file, under store.folder.',
	);
}

function requireClosed(path: string): void {
	const found = statSync(path, { throwIfNoEntry: false });
	if (found?.isFile() !== true) throw unusable(path, 'is not there', 'Make it, or take CIVIC_COMMS_CHANNELS out of the settings of n8n. Nothing is sent until then.');
	// Windows has no such bits; its rights are IT's to set.
	if (process.platform === 'win32') return;
	if ((found.mode & tooOpen) !== 0) throw unusable(path, 'can be written by its group, or used by everybody on this machine', `Run: chmod 600 ${path}`);
	const folder = statSync(dirname(path));
	if ((folder.mode & 0o002) !== 0 && (folder.mode & 0o1000) === 0) throw unusable(path, 'lies in a folder in which everybody may put another in its place', `Run: chmod o-w ${dirname(path)}`);
}

function readJson(path: string): unknown {
	let text: string;
	try {
		text = readFileSync(path, 'utf8');
	} catch (cause) {
		throw unusable(path, 'cannot be read by the user that runs n8n', `Make that user its owner, and run: chmod 600 ${path}`, cause);
	}
	try {
		return JSON.parse(text);
	} catch {
		// The parser would quote a piece of the file, which may be a token.
		throw unusable(path, 'is not JSON', 'Check commas and quotation marks, for example with: node -e "JSON.parse(require(\'fs\').readFileSync(process.argv[1]))" FILE');
	}
}

function nameOf(channel: CredentialFields): string {
	const { channelName, phoneNumberId } = channel;
	return typeof channelName === 'string' && channelName.trim() !== '' ? `"${channelName.trim()}"` : `number ${plain(phoneNumberId) || 'without an ID'}`;
}

function plain(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value).trim().toLowerCase() : '';
}

function unusable(path: string, what: string, goOn: string, cause?: unknown): CivicError {
	return new CivicError('channel.file', `The file of channels, ${path}, ${what}.`, goOn, { cause });
}

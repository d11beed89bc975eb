import { CivicError } from '../errors';
import { assertGraphAddress } from '../whatsapp/graphAddress';
import { noDirectMessages, parseRules } from './rules';
import type { ChannelSettings } from './settings';

/** The fields of the credential, as n8n hands them over. */
export type CredentialFields = Record<string, unknown>;

/**
 * Turns the fields of a `civicWhatsAppApi` credential into a channel.
 * @throws CivicError input.invalid or channel.address, naming the field; never quotes a secret
 */
export function parseChannelSettings(fields: CredentialFields): ChannelSettings {
	const graphUrl = text(fields, 'graphUrl', 'Graph Address').replace(/\/+$/, '');
	assertGraphAddress(graphUrl);
	const graphVersion = text(fields, 'graphVersion', 'Graph Version');
	if (!/^v\d{1,3}\.\d$/.test(graphVersion)) throw invalid('Graph Version', 'must look like v26.0');
	const mode = text(fields, 'mode', 'Mode');
	if (mode !== 'live' && mode !== 'training') throw invalid('Mode', 'must be Live or Training');
	const previous = optional(fields, 'previousAppSecret');
	const quietFrom = optional(fields, 'quietFrom');
	const quietTo = optional(fields, 'quietTo');
	if ((quietFrom === '') !== (quietTo === '')) throw invalid('Quiet Hours', 'need both a start and an end, or neither');
	return {
		id: digits(fields, 'phoneNumberId', 'Phone Number ID'),
		name: text(fields, 'channelName', 'Channel Name'),
		mode,
		businessAccountId: digits(fields, 'businessAccountId', 'Business Account ID'),
		graphUrl,
		graphVersion,
		accessToken: text(fields, 'accessToken', 'Access Token'),
		appSecrets: [text(fields, 'appSecret', 'App Secret'), ...(previous === '' ? [] : [previous])],
		verifyToken: text(fields, 'verifyToken', 'Verify Token'),
		rules: parseRules({
			services: rows(fields, 'services', 'service').map((row) => ({
				name: row.name,
				requesters: list(row.requesters),
				topics: list(row.topics),
				areas: list(row.areas),
			})),
			approvers: rows(fields, 'approvers', 'approver'),
			signaturesNeeded: number(fields, 'signaturesNeeded'),
			...signOffRules(fields),
			decideWithinHours: number(fields, 'decideWithinHours'),
			reach: number(fields, 'reach'),
			quietHours: quietFrom === '' ? null : { from: quietFrom, to: quietTo },
			zone: optional(fields, 'zone') || 'Europe/London',
			messagesPerSecond: number(fields, 'messagesPerSecond'),
			signOffTemplate: text(fields, 'signOffTemplate', 'Sign-Off Template'),
			templateLanguage: text(fields, 'templateLanguage', 'Template Language'),
			directMessages: directMessages(fields),
		}),
	};
}

/** What a credential that was saved before there were these fields leaves out is the default of the rules. */
function signOffRules(fields: CredentialFields): Record<string, unknown> {
	const optionalNumber = (name: string) => (isGiven(fields[name]) && Number(fields[name]) !== 0 ? Number(fields[name]) : null);
	const count = (name: string) => (isGiven(fields[name]) ? Number(fields[name]) : 0);
	const people = optionalNumber('extraAboveReach');
	const aboveReach = count('extraAboveReachSignatures') || 1;
	const names = list(fields.extraTopics);
	const forTopics = count('extraTopicsSignatures') || 1;
	return {
		stages: rows(fields, 'stages', 'stage').map(({ role, signatures }) => ({ role, signatures: isGiven(signatures) ? Number(signatures) : 1 })),
		extraSignatures: {
			aboveReach: people === null ? null : { people, signatures: aboveReach },
			topics: names.length === 0 ? null : { names, signatures: forTopics },
			inQuietHours: count('extraInQuietHours'),
		},
		deputies: rows(fields, 'deputies', 'deputy'),
		delegations: rows(fields, 'delegations', 'delegation'),
		caps: {
			messagesPerPersonPerWeek: optionalNumber('messagesPerPersonPerWeek'),
			spendPerServicePerMonth: optionalNumber('spendPerServicePerMonth'),
			emergencyTopics: list(fields.emergencyTopics),
		},
		remindAfterHours: optionalNumber('remindAfterHours'),
		escalateAfterHours: optionalNumber('escalateAfterHours'),
		confirmByCode: fields.confirmByCode === true,
		...(optional(fields, 'codeTemplate') === '' ? {} : { codeTemplate: optional(fields, 'codeTemplate') }),
	};
}

function isGiven(value: unknown): boolean {
	return value !== undefined && value !== null && value !== '';
}

/** A field in which several things stand, separated by commas; in IT's file it may be a list. */
function list(value: unknown): string[] {
	if (Array.isArray(value)) return value.flatMap((one) => String(one).trim() || []);
	return typeof value === 'string' ? value.split(',').flatMap((one) => one.trim() || []) : [];
}

/** A credential that was saved before there were these fields allows no direct messages. */
function directMessages(fields: CredentialFields): Record<string, unknown> {
	const given = (name: string, otherwise: unknown) => (fields[name] === undefined || fields[name] === '' ? otherwise : fields[name]);
	return {
		allow: given('directMessages', noDirectMessages.allow),
		peoplePerHour: Number(given('directPeoplePerHour', noDirectMessages.peoplePerHour)),
		peoplePerContent: Number(given('directPeoplePerContent', noDirectMessages.peoplePerContent)),
		countReplies: given('directCountReplies', noDirectMessages.countReplies),
	};
}

function optional(fields: CredentialFields, name: string): string {
	const value = fields[name];
	return typeof value === 'string' ? value.trim() : '';
}

function text(fields: CredentialFields, name: string, label: string): string {
	const value = optional(fields, name);
	if (value === '') throw invalid(label, 'is empty');
	return value;
}

function digits(fields: CredentialFields, name: string, label: string): string {
	const value = text(fields, name, label);
	if (!/^\d{5,20}$/.test(value)) throw invalid(label, 'must be the number that Meta shows, digits only');
	return value;
}

function number(fields: CredentialFields, name: string): number {
	const value = fields[name];
	return typeof value === 'number' ? value : Number(value);
}

/** n8n's fixedCollection with several values, `{ entry: [{…}] }`; in IT's file it may be the list itself. */
function rows(fields: CredentialFields, name: string, entry: string): Array<Record<string, unknown>> {
	const collection = fields[name];
	if (Array.isArray(collection)) return collection as Array<Record<string, unknown>>;
	const list = typeof collection === 'object' && collection !== null ? (collection as Record<string, unknown>)[entry] : undefined;
	return Array.isArray(list) ? (list as Array<Record<string, unknown>>) : [];
}

function invalid(label: string, what: string): CivicError {
	return new CivicError(
		'input.invalid',
		`'${label}' of the channel ${what}.`,
		'Open the credential "Civic WhatsApp API" and mend that field.',
	);
}

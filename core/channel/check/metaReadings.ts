import { businessAccountFields, phoneNumberFields, readBusinessAccount, readPhoneNumber, type BusinessAccountDetails, type PhoneNumberDetails } from '../../whatsapp/accountDetails';
import type { GraphCaller } from '../../whatsapp/graphCall';
import { flagAt, integerAt, objectAt, objectsAt, textAt, type JsonObject } from '../../whatsapp/jsonReading';
import { typedMetaId } from '../../whatsapp/redaction';
import type { Template } from '../../whatsapp/template';
import { readTemplates } from '../../whatsapp/templateListing';
import type { Clock } from '../../world';
import type { ChannelSettings } from '../settings';

/** A token as Meta knows it (`GET /debug_token`). The token itself is not part of it. */
export interface TokenDetails {
	appId?: string;
	isValid: boolean;
	/** ms; null when it never expires; undefined when Meta does not say. */
	expiresAt: number | null | undefined;
	scopes: string[];
	/** By scope the accounts it is limited to; a scope without a list holds for all. */
	targets: Record<string, string[]>;
}

/** An app that gets the webhooks of the business account. */
export interface SubscribedApp {
	appId?: string;
	name?: string;
	/** Where this account's webhooks go instead of the app's own address. */
	overrideAddress?: string;
}

/** A webhook subscription of the app itself, for one kind of object. */
export interface AppSubscription {
	object?: string;
	callbackAddress?: string;
	isActive: boolean;
	fields: string[];
}

export interface HealthDetails {
	canSend?: string;
	/** What Meta names as the cause, with its own way out. */
	causes: Array<{ entity: string; description: string; solution?: string }>;
}

/** What a check may ask Meta. Each is one call, but for the templates, which come in pages. @throws CivicError */
export interface MetaReadings {
	number(): Promise<PhoneNumberDetails>;
	account(): Promise<BusinessAccountDetails>;
	health(): Promise<HealthDetails>;
	/** Ids of the numbers on the business account. */
	accountNumbers(): Promise<string[]>;
	token(): Promise<TokenDetails>;
	subscribedApps(): Promise<SubscribedApp[]>;
	/** Of the app that the token belongs to. */
	appSubscriptions(): Promise<AppSubscription[]>;
	/** Up to `mostTemplates`, and whether there are more. */
	templates(): Promise<{ templates: Template[]; more: boolean }>;
	/** How far our clock is ahead of Meta's, ms; undefined when Meta sent no date. */
	clockAhead(): Promise<number | undefined>;
}

/** Ten pages: enough for any council, and a bound for the number of calls. */
export const mostTemplates = 1000;

interface Sources {
	graph: GraphCaller;
	/** Calls as the app itself: its webhook subscriptions are told to nobody else. */
	appGraph: (appId: string) => GraphCaller;
	settings: Pick<ChannelSettings, 'id' | 'businessAccountId' | 'accessToken'>;
	clock: Clock;
}

export function createMetaReadings({ graph, appGraph, settings, clock }: Sources): MetaReadings {
	const { id, businessAccountId: account, accessToken } = settings;
	const numberName = `the phone number with the id ${typedMetaId(id)}`;
	const accountName = `the business account with the id ${typedMetaId(account)}`;
	const number = once(async () => {
		const { json, serverDate } = await graph.get(id, { fields: phoneNumberFields }, numberName);
		return { details: readPhoneNumber(id, json), ahead: serverDate === undefined ? undefined : clock.now() - serverDate };
	});
	const subscribedApps = once(async () => objectsAt((await graph.get(`${account}/subscribed_apps`, {}, `the apps subscribed to ${accountName}`)).json, 'data').map(readSubscribedApp));
	const token = once(async () => readToken((await graph.get('debug_token', { input_token: accessToken }, 'its access token')).json));
	return {
		number: async () => (await number()).details,
		clockAhead: async () => (await number()).ahead,
		account: once(async () => readBusinessAccount(account, (await graph.get(account, { fields: businessAccountFields }, accountName)).json)),
		health: once(async () => readHealth((await graph.get(id, { fields: 'health_status' }, `the health of ${numberName}`)).json)),
		accountNumbers: once(async () =>
			objectsAt((await graph.get(`${account}/phone_numbers`, { fields: 'id', limit: '100' }, `the numbers of ${accountName}`)).json, 'data').flatMap((entry) => textAt(entry, 'id') ?? []),
		),
		token,
		subscribedApps,
		appSubscriptions: once(async () => {
			const appId = (await token()).appId ?? (await subscribedApps())[0]?.appId ?? '';
			return objectsAt((await appGraph(appId).get(`${appId}/subscriptions`, {}, `the webhook subscriptions of the app with the id ${appId}`)).json, 'data').map(readAppSubscription);
		}),
		templates: once(async () => {
			const templates: Template[] = [];
			for await (const { template } of readTemplates(graph, account, {})) {
				if (templates.length === mostTemplates) return { templates, more: true };
				templates.push(template);
			}
			return { templates, more: false };
		}),
	};
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
	let reading: Promise<T> | undefined;
	return () => (reading ??= read());
}

function readToken(json: JsonObject): TokenDetails {
	const data = objectAt(json, 'data');
	const expires = integerAt(data, 'expires_at');
	const granular = objectsAt(data, 'granular_scopes').map((entry) => [textAt(entry, 'scope') ?? '', textsAt(entry, 'target_ids')] as const);
	return {
		appId: textAt(data, 'app_id') ?? integerAt(data, 'app_id')?.toString(),
		isValid: flagAt(data, 'is_valid') === true,
		expiresAt: expires === undefined ? undefined : expires === 0 ? null : expires * 1000,
		scopes: textsAt(data, 'scopes'),
		targets: Object.fromEntries(granular.filter(([, targets]) => targets.length > 0)),
	};
}

function readSubscribedApp(entry: JsonObject): SubscribedApp {
	const app = objectAt(entry, 'whatsapp_business_api_data');
	return { appId: textAt(app, 'id'), name: textAt(app, 'name'), overrideAddress: textAt(entry, 'override_callback_uri') };
}

function readAppSubscription(entry: JsonObject): AppSubscription {
	// Graph writes fields as names, or as objects with a name and a version.
	const fields = [...textsAt(entry, 'fields'), ...objectsAt(entry, 'fields').flatMap((field) => textAt(field, 'name') ?? [])];
	return { object: textAt(entry, 'object'), callbackAddress: textAt(entry, 'callback_url'), isActive: flagAt(entry, 'active') === true, fields };
}

function readHealth(json: JsonObject): HealthDetails {
	const health = objectAt(json, 'health_status');
	const causes = objectsAt(health, 'entities').flatMap((entity) =>
		objectsAt(entity, 'errors').map((error) => ({
			entity: textAt(entity, 'entity_type') ?? 'unnamed',
			description: textAt(error, 'error_description') ?? 'no description',
			...(textAt(error, 'possible_solution') === undefined ? {} : { solution: textAt(error, 'possible_solution') }),
		})),
	);
	return { canSend: textAt(health, 'can_send_message'), causes };
}

function textsAt(object: JsonObject | undefined, name: string): string[] {
	const list: unknown = object === undefined ? undefined : object[name];
	return Array.isArray(list) ? list.filter((entry): entry is string => typeof entry === 'string') : [];
}

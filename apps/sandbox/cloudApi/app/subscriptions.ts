import type { App, CallbackPlace } from '../../delivery/webhookSender';
import { json, parseJson, type JsonObject } from '../../http/json';
import type { TextAnswer } from '../../http/listener';
import { callParameters } from '../callParameters';
import type { GraphCall, GraphRoute } from '../cloudApi';
import { GraphError, invalidParameter, parameterRequired } from '../graphError';
import { onlyKeys } from '../objectShape';
import { webhookFields } from './webhookFields';

/** What the webhooks' side of the sandbox does for the API. */
export interface Callbacks {
	/** The verified address at a place and the fields it gets; all when undefined. */
	at(place: CallbackPlace): { readonly url: string; readonly fields: readonly string[] | undefined } | undefined;
	/** Asks the address to verify itself, and sends webhooks there. @throws Error in words when it does not */
	direct(place: CallbackPlace, address: string, verifyToken: string | undefined, fields?: readonly string[]): Promise<void>;
	/** Keeps an address, for fewer fields. */
	narrow(place: CallbackPlace, fields: readonly string[]): void;
	forget(place: CallbackPlace): void;
}

const object = 'whatsapp_business_account';
const keys = new Set(['object', 'callback_url', 'fields', 'verify_token', 'include_values', 'active']);

/** `/{app-id}/subscriptions`: an app's own address for webhooks, with the app's token (Meta, "Graph API: app subscriptions"). */
export function subscriptionsRoute(apps: readonly App[], callbacks: Callbacks): GraphRoute {
	return (call) => {
		const app = apps.find(({ id }) => id === call.id);
		if (!app) return undefined;
		if (call.edge === '' && call.method === 'GET') return json({ id: app.id, name: app.name, link: linkOf(app) });
		if (call.edge !== 'subscriptions') return undefined;
		if (call.caller.kind !== 'app') throw new GraphError(15, undefined, { message: '(#15) This method must be called with an app access_token.' });
		if (call.caller.id !== app.id) throw new GraphError(100, undefined, { message: '(#100) The app access token belongs to another app.' });
		if (call.method === 'GET') return json(list(app, callbacks));
		if (call.method === 'POST') return subscribe(app, callbacks, callParameters(call));
		return call.method === 'DELETE' ? unsubscribe(app, callbacks, call) : undefined;
	};
}

export function linkOf({ id }: App): string {
	return `https://www.facebook.com/games/?app_id=${id}`;
}

function list(app: App, callbacks: Callbacks): JsonObject {
	const callback = callbacks.at({ app: app.id });
	if (!callback) return { data: [] };
	const fields = (callback.fields ?? webhookFields).map((name) => ({ name, version: 'v26.0' }));
	return { data: [{ object, callback_url: callback.url, active: true, fields }] };
}

function subscribe(app: App, callbacks: Callbacks, given: JsonObject): Promise<TextAnswer> {
	onlyKeys(given, keys, 'subscriptions');
	checkObject(given, true);
	const address = given.callback_url;
	if (typeof address !== 'string' || address === '') throw parameterRequired('callback_url');
	if (given.verify_token !== undefined && typeof given.verify_token !== 'string') throw invalidParameter('Param verify_token must be a string');
	const fields = readFields(given.fields);
	return callbacks.direct({ app: app.id }, address, given.verify_token, fields).then(
		() => json({ success: true }),
		(thrown: unknown) => {
			throw verificationFailed(thrown);
		},
	);
}

/** All of the app's subscription, or some of its fields. */
function unsubscribe(app: App, callbacks: Callbacks, call: GraphCall): TextAnswer {
	const given = callParameters(call);
	onlyKeys(given, keys, 'subscriptions');
	checkObject(given, false);
	const callback = callbacks.at({ app: app.id });
	const gone = given.fields === undefined ? undefined : readFields(given.fields);
	const kept = gone && (callback?.fields ?? webhookFields).filter((field) => !gone.includes(field));
	if (callback && kept && kept.length > 0) callbacks.narrow({ app: app.id }, kept);
	else callbacks.forget({ app: app.id });
	return json({ success: true });
}

export function verificationFailed(thrown: unknown): GraphError {
	return new GraphError(2200, undefined, { message: `(#2200) Callback verification failed with the following errors: ${thrown instanceof Error ? thrown.message : String(thrown)}` });
}

function checkObject({ object: given }: JsonObject, required: boolean): void {
	if (given === undefined && !required) return;
	if (given === undefined || given === '') throw parameterRequired('object');
	if (given !== object) throw new GraphError(100, undefined, { message: `(#100) Param object must be one of {WHATSAPP_BUSINESS_ACCOUNT} - got "${typeof given === 'string' ? given.slice(0, 100) : typeof given}".` });
}

/** Names as a list, as the text of a list, or with commas between them. */
function readFields(given: unknown): string[] {
	if (given === undefined || given === null || given === '') throw parameterRequired('fields');
	const listed = typeof given === 'string' ? (parseJson(given) ?? given.split(',').map((name) => name.trim())) : given;
	if (!Array.isArray(listed) || !listed.every((name) => typeof name === 'string')) throw invalidParameter('Param fields must be an array of strings');
	const unknown = listed.find((name) => !webhookFields.includes(name));
	if (unknown !== undefined) throw new GraphError(100, undefined, { message: `(#100) Param fields: "${String(unknown).slice(0, 100)}" is not a field of the object whatsapp_business_account.` });
	return [...new Set(listed)];
}

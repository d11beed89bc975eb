import type { JsonObject } from '../../http/json';
import { invalidParameter } from '../graphError';
import { missing, objectAt, onlyKeys, optionalObjectAt, optionalTextAt, shortTextAt, textAt } from '../objectShape';
import type { InteractiveKind } from './interactive';

const mediaOrText = new Set(['text', 'image', 'video', 'document']);
const none: ReadonlySet<string> = new Set();

/** `interactive.type: cta_url` (Meta, "Interactive call-to-action URL button messages"). */
export const readLink: InteractiveKind = {
	longestBody: 1024,
	headers: mediaOrText,
	footer: true,
	readAction(action) {
		onlyKeys(action, new Set(['name', 'parameters']), 'interactive.action');
		checkName(action, 'cta_url');
		const parameters = objectAt(action, 'parameters', 'interactive.action.parameters');
		onlyKeys(parameters, new Set(['display_text', 'url']), 'interactive.action.parameters');
		const url = textAt(parameters, 'url', 'interactive.action.parameters.url');
		if (!URL.canParse(url) || !/^https?:/i.test(url)) throw invalidParameter("Param interactive['action']['parameters']['url'] is not a valid URI.");
		return { link: { text: shortTextAt(parameters, 'display_text', 'interactive.action.parameters.display_text', 20), url } };
	},
};

/** `interactive.type: location_request_message` (Meta, "Location request messages"). */
export const readLocationRequest: InteractiveKind = {
	longestBody: 1024,
	headers: none,
	footer: false,
	readAction(action) {
		onlyKeys(action, new Set(['name']), 'interactive.action');
		checkName(action, 'send_location');
		return { asksFor: 'location' };
	},
};

/** `interactive.type: contact_request` (Meta, "Business-scoped user IDs"). */
export const readContactRequest: InteractiveKind = {
	longestBody: 1024,
	headers: none,
	footer: false,
	readAction(action) {
		onlyKeys(action, new Set(['name']), 'interactive.action');
		checkName(action, 'request_contact_info');
		return { asksFor: 'contact' };
	},
};

const flowKeys = new Set(['flow_message_version', 'flow_id', 'flow_name', 'flow_cta', 'flow_token', 'flow_action', 'flow_action_payload', 'mode']);

/** `interactive.type: flow` (Meta, "Sending a flow"). The form itself is shown as a button that does nothing here. */
export const readFlow: InteractiveKind = {
	longestBody: 1024,
	headers: mediaOrText,
	footer: true,
	readAction(action) {
		onlyKeys(action, new Set(['name', 'parameters']), 'interactive.action');
		checkName(action, 'flow');
		const path = 'interactive.action.parameters';
		const parameters = objectAt(action, 'parameters', path);
		onlyKeys(parameters, flowKeys, path);
		oneOf(textAt(parameters, 'flow_message_version', `${path}.flow_message_version`), ['3'], `${path}.flow_message_version`);
		if (!optionalTextAt(parameters, 'flow_id', `${path}.flow_id`) && !optionalTextAt(parameters, 'flow_name', `${path}.flow_name`)) throw missing(`${path}.flow_id`);
		optionalTextAt(parameters, 'flow_token', `${path}.flow_token`);
		oneOf(optionalTextAt(parameters, 'flow_action', `${path}.flow_action`) ?? 'navigate', ['navigate', 'data_exchange'], `${path}.flow_action`);
		oneOf(optionalTextAt(parameters, 'mode', `${path}.mode`) ?? 'published', ['published', 'draft'], `${path}.mode`);
		const payload = optionalObjectAt(parameters, 'flow_action_payload', `${path}.flow_action_payload`);
		if (payload) onlyKeys(payload, new Set(['screen', 'data']), `${path}.flow_action_payload`);
		return { flow: { button: shortTextAt(parameters, 'flow_cta', `${path}.flow_cta`, 30) } };
	},
};

function checkName(action: JsonObject, name: string): void {
	oneOf(textAt(action, 'name', 'interactive.action.name'), [name], 'interactive.action.name');
}

function oneOf(value: string, allowed: readonly string[], path: string): void {
	if (!allowed.includes(value)) throw invalidParameter(`Param ${path} must be one of {${allowed.join(', ').toUpperCase()}} - got "${value}".`);
}

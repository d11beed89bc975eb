import { CivicError } from '../errors';
import {
	type BusinessAccountDetails,
	type PhoneNumberDetails,
	businessAccountFields,
	phoneNumberFields,
	readBusinessAccount,
	readPhoneNumber,
} from './accountDetails';
import { type Transport, createTransport, isTransportFault } from './connection';
import { type CallOptions, type GraphAccess, createGraphCaller } from './graphCall';
import { type MediaApi, createMediaApi } from './mediaApi';
import { type OutboundMessage, outboundBody } from './outboundMessage';
import { markAsRead } from './readReceipt';
import { typed, typedMetaId } from './redaction';
import { type SendOutcome, outcomeOfAnswer, outcomeOfFault } from './sendOutcome';
import type { Template } from './template';
import { readTemplates } from './templateListing';
import type { TemplateDefinition } from './templateDefinition';
import type { TemplateMessage } from './templateMessage';
import { type CreatedTemplate, createTemplate } from './templateSubmission';

export interface CloudApiSettings extends GraphAccess {
	phoneNumberId: string;
	businessAccountId: string;
}

/** Something read from Meta, with Meta's clock at that moment (milliseconds), so that the caller can compare it with ours. */
export interface Dated<T> {
	value: T;
	serverDate?: number;
}

export interface SendOptions extends CallOptions {
	/** Comes back in every status of the message; at most 512 characters. */
	callbackData: string;
}

/** One business number of the WhatsApp Business Cloud API. */
export interface CloudApi extends MediaApi {
	/**
	 * Makes one attempt and never a second one. Whatever Meta or the network answers is an outcome.
	 * @throws CivicError `phone.invalid`, `input.invalid` before anything is sent
	 */
	send(message: OutboundMessage, options: SendOptions): Promise<SendOutcome>;
	/** `send` of a template. */
	sendTemplate(message: TemplateMessage, options: SendOptions): Promise<SendOutcome>;
	/**
	 * Shows the two ticks of this message, and of those before it, in blue; with `typing` also that an answer is being
	 * written, until it comes or for 25 seconds. Doing it twice does nothing more.
	 * @throws CivicError `input.invalid`, and as `phoneNumber`
	 */
	markAsRead(messageId: string, options?: { typing?: boolean }): Promise<void>;
	/** All templates of the account, page after page. @throws CivicError as `phoneNumber` */
	listTemplates(options: { onlyApproved: boolean }): AsyncIterable<Template>;
	/** In whatever status it is. @throws CivicError `template.unknown`, and as `phoneNumber` */
	getTemplate(name: string, language: string): Promise<Dated<Template>>;
	/** One attempt at a new template. @throws CivicError `template.definition` when Meta refuses it; see templateSubmission.ts */
	createTemplate(definition: TemplateDefinition): Promise<CreatedTemplate | 'duplicate' | 'unclear'>;
	/** @throws CivicError `channel.access`, `whatsapp.refused`, `whatsapp.unreachable` */
	phoneNumber(): Promise<Dated<PhoneNumberDetails>>;
	/** @throws CivicError as `phoneNumber` */
	businessAccount(): Promise<Dated<BusinessAccountDetails>>;
}

/** @throws CivicError `channel.address`, `channel.access`, `input.invalid` when the settings cannot be right */
export function createCloudApi(settings: CloudApiSettings, transport: Transport = createTransport()): CloudApi {
	const graph = createGraphCaller(settings, transport);
	const numberId = checkedId(settings.phoneNumberId, 'phone number');
	const accountId = checkedId(settings.businessAccountId, 'business account');
	const send: CloudApi['send'] = async (message, { callbackData, ...options }) => {
		const body = outboundBody(message, callbackData);
		try {
			return outcomeOfAnswer(await graph.post(`${numberId}/messages`, body, options));
		} catch (fault) {
			if (isTransportFault(fault)) return outcomeOfFault(fault);
			throw fault;
		}
	};
	return {
		...createMediaApi(graph, numberId),
		send,
		sendTemplate: async ({ to, template }, options) => await send({ to, content: { type: 'template', ...template } }, options),
		markAsRead: async (messageId, options) => await markAsRead(graph, numberId, messageId, options),
		listTemplates: async function* ({ onlyApproved }) {
			for await (const { template } of readTemplates(graph, accountId, onlyApproved ? { status: 'APPROVED' } : {})) {
				if (!onlyApproved || template.status === 'APPROVED') yield template;
			}
		},
		getTemplate: async (name, language) => {
			for await (const { template, serverDate } of readTemplates(graph, accountId, { name })) {
				if (template.name === name && template.language === language) return { value: template, serverDate };
			}
			throw unknownTemplate(name, language);
		},
		createTemplate: async (definition) => await createTemplate(graph, accountId, definition),
		phoneNumber: async () => {
			const { json, serverDate } = await graph.get(numberId, { fields: phoneNumberFields }, `the phone number with the id ${typedMetaId(numberId)}`);
			return { value: readPhoneNumber(numberId, json), serverDate };
		},
		businessAccount: async () => {
			const { json, serverDate } = await graph.get(accountId, { fields: businessAccountFields }, `the business account with the id ${typedMetaId(accountId)}`);
			return { value: readBusinessAccount(accountId, json), serverDate };
		},
	};
}

/** Meta's ids are digits, and stand in the path of an address: anything else could lead elsewhere on the host. */
function checkedId(id: string, of: string): string {
	if (/^\d{1,32}$/.test(id)) return id;
	throw new CivicError('input.invalid', `The ${of} id of this channel is not a row of digits.`, `Copy the ${of} id from WhatsApp Manager. It is not the ${of}’s name or number.`);
}

function unknownTemplate(name: string, language: string): CivicError {
	return new CivicError(
		'template.unknown',
		`There is no template “${typed(name)}” in the language ${typed(language)} on this WhatsApp account.`,
		'Choose one from the list. The language has to match exactly: en, en_GB and en_US are three templates.',
	);
}

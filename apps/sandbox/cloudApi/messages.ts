import type { SandboxClock } from '../clock';
import type { StatusPlane } from '../delivery/statuses';
import type { JsonObject } from '../http/json';
import type { Knobs } from '../knobs';
import type { Inbound } from '../residents/inbound';
import type { TemplateCatalogue } from '../templates/catalogue';
import { textContent, type MessageContent } from '../residents/messageContent';
import { fillTemplate } from '../templates/filledTemplate';
import type { TemplatePacing } from '../templates/pacing';
import type { Template } from '../templates/template';
import type { AcceptedMessages } from './acceptedMessages';
import type { BusinessNumber } from './account';
import { callParameters } from './callParameters';
import type { GraphCall } from './cloudApi';
import { GraphError, invalidParameter, type GraphCode } from './graphError';
import type { MessageIds } from './messageIds';
import { missing, objectAt, onlyKeys, optionalTextAt, textAt } from './objectShape';
import type { RecipientFinder } from './recipient';

const commonKeys = ['messaging_product', 'recipient_type', 'to', 'recipient', 'type', 'context', 'biz_opaque_callback_data', 'messaging_account_id', 'paid_messaging_account_id'];
const keysByType: ReadonlyMap<string, ReadonlySet<string>> = new Map(['text', 'template'].map((type) => [type, new Set([...commonKeys, type])]));
const receiptKeys = new Set(['messaging_product', 'status', 'message_id', 'typing_indicator']);
const templateKeys = new Set(['name', 'language', 'components', 'namespace']);
const languageKeys = new Set(['code', 'policy']);
const textKeys = new Set(['body', 'preview_url']);
const contextKeys = new Set(['message_id']);

const longestText = 4096;
const longestCallback = 512;

/** The types of the API that this sandbox refuses by name, so that nobody takes them for accepted. */
const unsupportedTypes = new Set(['image', 'video', 'document', 'audio', 'sticker', 'location', 'contacts', 'reaction', 'interactive']);

interface Draft {
	readonly to: string | undefined;
	readonly userId: string | undefined;
	readonly callback: string | undefined;
	readonly answers: string | undefined;
	readonly template?: { readonly name: string; readonly language: string; readonly components: unknown };
	readonly text?: string;
}

/** What a message became of: its text as the resident sees it, and how it is priced. */
interface Composed {
	readonly content: MessageContent;
	readonly category: string;
	readonly template?: Template;
	readonly failure?: GraphCode;
}

/** `POST /{phone-number-id}/messages`: read, refuse in Meta's order, accept. */
export class Messages {
	constructor(
		private readonly knobs: Knobs,
		private readonly clock: SandboxClock,
		private readonly recipients: RecipientFinder,
		private readonly templates: TemplateCatalogue,
		private readonly ids: MessageIds,
		private readonly statuses: StatusPlane,
		private readonly accepted: AcceptedMessages,
		private readonly inbound: Inbound,
		private readonly pacing: TemplatePacing,
	) {}

	/**
	 * @returns the body of the answer with status 200
	 * @throws GraphError
	 */
	post(number: BusinessNumber, call: GraphCall): JsonObject {
		if (!this.knobs.numberRegistered) throw new GraphError(133010, 'Account is not registered.');
		const body = callParameters(call);
		checkProduct(body);
		if (body.status !== undefined) return this.markAsRead(body);
		const draft = readDraft(body);
		const recipient = this.recipients.find(draft.to, draft.userId, number);
		number.throughput.admit();
		const composed = draft.template ? this.composeTemplate(draft.template) : this.composeText(draft.text ?? '', recipient.resident.windowOpen(number.id, this.clock.now()));
		const { resident } = recipient;
		const id = this.ids.outbound(resident.number, resident.accepted++);
		this.accepted.record(resident.number, draft.callback, id);
		const message = {
			id,
			from: 'council' as const,
			at: this.clock.now(),
			content: composed.content,
			tick: 'accepted' as const,
			...(composed.template && { template: composed.template.name }),
			...(draft.answers !== undefined && { answers: draft.answers }),
		};
		const proceed = (discarded?: GraphCode): void => {
			const failure = discarded ?? composed.failure;
			this.statuses.accept({ number, resident, byUserId: recipient.contact.user_id !== undefined, message, callback: draft.callback, category: composed.category, ...(failure && { failure }) });
		};
		const message_status = composed.template && this.pacing.admit(composed.template, proceed);
		if (!composed.template) proceed();
		return {
			messaging_product: 'whatsapp',
			contacts: [recipient.contact],
			messages: [{ id, ...(message_status && { message_status }) }],
		};
	}

	private markAsRead(body: JsonObject): JsonObject {
		onlyKeys(body, receiptKeys, 'message');
		if (body.status !== 'read') throw invalidParameter('Param status must be one of {read}');
		if (body.typing_indicator !== undefined && textAt(objectAt(body, 'typing_indicator', 'typing_indicator'), 'type', 'typing_indicator.type') !== 'text') {
			throw invalidParameter('Param typing_indicator.type must be one of {text}');
		}
		if (!this.inbound.markAsRead(textAt(body, 'message_id', 'message_id'))) throw new GraphError(131009, 'Param message_id is not the id of a received message');
		return { success: true };
	}

	private composeText(body: string, windowOpen: boolean): Composed {
		if (!windowOpen && this.knobs.windowClosed === 'synchronous') {
			throw new GraphError(131047, 'Message failed to send because more than 24 hours have passed since the customer last replied to this number.');
		}
		return { content: textContent(body), category: 'service', ...(!windowOpen && { failure: 131047 }) };
	}

	private composeTemplate({ name, language, components }: { name: string; language: string; components: unknown }): Composed {
		const template = this.templates.find(name, language);
		const usable = template && (template.status === 'APPROVED' || template.status === 'PENDING_DELETION');
		if (template?.status === 'PAUSED') throw new GraphError(132015, `template (${name}) is paused because of its quality`);
		if (template?.status === 'DISABLED') throw new GraphError(132016, `template (${name}) is disabled because of its quality`);
		if (!usable) throw new GraphError(132001, `template name (${name}) does not exist in ${language}`, { status: this.knobs.unknownTemplateStatus });
		return { content: fillTemplate(template, components), category: template.category.toLowerCase(), template };
	}
}

function checkProduct(body: JsonObject): void {
	if (body.messaging_product === undefined) throw new GraphError(100, undefined, { message: '(#100) The parameter messaging_product is required.' });
	if (body.messaging_product !== 'whatsapp') throw new GraphError(100, undefined, { message: `(#100) Param messaging_product must be one of {WHATSAPP}` });
}

function readDraft(body: JsonObject): Draft {
	const type = optionalTextAt(body, 'type', 'type') ?? 'text';
	const keys = keysByType.get(type);
	if (unsupportedTypes.has(type)) throw new GraphError(131051, `This sandbox does not deliver messages of type ${type}.`);
	if (!keys) throw invalidParameter(`Param type must be one of {TEXT, TEMPLATE, …} - got "${type}"`);
	onlyKeys(body, keys, 'message');
	const recipientType = optionalTextAt(body, 'recipient_type', 'recipient_type') ?? 'individual';
	if (recipientType !== 'individual') throw invalidParameter(`Param recipient_type must be one of {INDIVIDUAL} - got "${recipientType}"`);
	const callback = optionalTextAt(body, 'biz_opaque_callback_data', 'biz_opaque_callback_data');
	if (callback !== undefined && callback.length > longestCallback) throw invalidParameter(`Param biz_opaque_callback_data must be at most ${longestCallback} characters long.`);
	const common = { to: optionalTextAt(body, 'to', 'to'), userId: optionalTextAt(body, 'recipient', 'recipient'), callback, answers: readContext(body) };
	if (!common.to && !common.userId) throw missing('to');
	return type === 'text' ? { ...common, text: readText(body) } : { ...common, template: readTemplate(body) };
}

function readContext(body: JsonObject): string | undefined {
	if (body.context === undefined) return undefined;
	const context = objectAt(body, 'context', 'context');
	onlyKeys(context, contextKeys, 'context');
	const id = textAt(context, 'message_id', 'context.message_id');
	if (!id.startsWith('wamid.')) throw new GraphError(131009, 'Param context.message_id is not the id of a message');
	return id;
}

function readText(body: JsonObject): string {
	const text = objectAt(body, 'text', 'text');
	onlyKeys(text, textKeys, 'text');
	const content = textAt(text, 'body', 'text.body');
	if (content.length > longestText) throw invalidParameter(`Param text['body'] must be at most ${longestText} characters long.`);
	if (text.preview_url !== undefined && typeof text.preview_url !== 'boolean') throw invalidParameter('Param text.preview_url must be a boolean');
	return content;
}

function readTemplate(body: JsonObject): NonNullable<Draft['template']> {
	const template = objectAt(body, 'template', 'template');
	onlyKeys(template, templateKeys, 'template');
	const language = objectAt(template, 'language', 'template.language');
	onlyKeys(language, languageKeys, 'template.language');
	return { name: textAt(template, 'name', 'template.name'), language: textAt(language, 'code', 'template.language.code'), components: template.components };
}

import type { BusinessAccount } from '../cloudApi/account';
import type { SandboxClock } from '../clock';
import type { WebhookSender } from '../delivery/webhookSender';
import type { QualityScore, Template, TemplateButton, TemplateCategory, TemplateStatus } from './template';

/** Titles of `other_info` (Meta, webhooks: `message_template_status_update`). */
export type StatusTitle = 'FIRST_PAUSE' | 'SECOND_PAUSE' | 'RATE_LIMITING_PAUSE' | 'UNPAUSE' | 'DISABLED';

/** Events beyond the statuses that a template can have. */
export type StatusEvent = TemplateStatus | 'FLAGGED' | 'REINSTATED' | 'UNARCHIVED' | 'LOCKED';

const descriptions: Record<StatusTitle, string> = {
	FIRST_PAUSE: 'The template is paused for 3 hours because of its quality.',
	SECOND_PAUSE: 'The template is paused for 6 hours because of its quality.',
	RATE_LIMITING_PAUSE: 'The template is paused because too many messages were sent with it.',
	UNPAUSE: 'The template can be used again.',
	DISABLED: 'The template is disabled for good because of its quality.',
};

/** Tells the council about its templates: one method a webhook field. */
export class TemplateNews {
	constructor(
		private readonly account: BusinessAccount,
		private readonly webhooks: WebhookSender,
		private readonly clock: SandboxClock,
	) {}

	status(template: Template, event: StatusEvent, title?: StatusTitle): void {
		const { category, rejected_reason } = template;
		const rejected = event === 'REJECTED';
		this.tell('message_template_status_update', template, {
			event,
			reason: rejected ? rejected_reason : 'NONE',
			message_template_category: category,
			...(title && { other_info: { title, description: descriptions[title] } }),
			...(event === 'DISABLED' && { disable_info: { disable_date: new Date(this.clock.now()).toISOString().slice(0, 10) } }),
			...(rejected && { rejection_info: { reason: rejected_reason, recommendation: 'Read what the reason means on the template’s page, change the template and submit it again.' } }),
		});
	}

	quality(template: Template, previous: QualityScore): void {
		this.tell('message_template_quality_update', template, { previous_quality_score: previous, new_quality_score: template.quality_score.score });
	}

	/** A change that is to come: `new_category` is still the present one (Meta, webhooks: `template_category_update`). */
	categoryToCome(template: Template, correct: TemplateCategory, at: number): void {
		this.tell('template_category_update', template, { new_category: template.category, correct_category: correct, category_update_timestamp: Math.floor(at / 1000) });
	}

	categoryChanged(template: Template, previous: TemplateCategory): void {
		this.tell('template_category_update', template, { previous_category: previous, new_category: template.category });
	}

	components(template: Template): void {
		const { header, body, footer, buttons } = textsOf(template);
		this.tell('message_template_components_update', template, {
			...(header !== undefined && { message_template_title: header }),
			message_template_element: body,
			...(footer !== undefined && { message_template_footer: footer }),
			...(buttons.length > 0 && { message_template_buttons: buttons.map(buttonNews) }),
		});
	}

	private tell(field: string, { id, name, language }: Template, value: object): void {
		const named = { message_template_id: Number(id), message_template_name: name, message_template_language: language };
		this.webhooks.enqueue({ field, time: Math.floor(this.clock.now() / 1000), value: { ...named, ...value } }, this.account.subscribed);
	}
}

function textsOf({ components, layout }: Template): { header?: string; body: string; footer?: string; buttons: readonly TemplateButton[] } {
	let [header, body]: [string | undefined, string] = [undefined, ''];
	for (const component of components) {
		if (component.type === 'HEADER') header = component.text;
		if (component.type === 'BODY') body = component.text;
	}
	return { ...(header !== undefined && { header }), body, ...(layout.footer !== undefined && { footer: layout.footer }), buttons: layout.buttons };
}

function buttonNews(button: TemplateButton): object {
	return {
		message_template_button_type: button.type,
		...('text' in button && { message_template_button_text: button.text }),
		...('url' in button && { message_template_button_url: button.url }),
		...('phone_number' in button && { message_template_button_phone_number: button.phone_number }),
	};
}

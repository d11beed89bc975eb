import type { BusinessAccount } from '../cloudApi/account';
import type { SandboxClock } from '../clock';
import type { Schedule } from '../delivery/schedule';
import type { WebhookSender } from '../delivery/webhookSender';
import type { Knobs } from '../knobs';
import type { TemplateCatalogue } from './catalogue';
import type { Template, TemplateStatus } from './template';

/** Meta's review of created templates, and the webhook that tells of every change of status. */
export class TemplateReview {
	constructor(
		private readonly catalogue: TemplateCatalogue,
		private readonly account: BusinessAccount,
		private readonly webhooks: WebhookSender,
		private readonly schedule: Schedule,
		private readonly clock: SandboxClock,
		private readonly knobs: Knobs,
	) {}

	/** Begins the review of a template that is PENDING. */
	begin(template: Template): void {
		if (this.knobs.templateReview === 'hold') return;
		this.schedule.after(this.knobs.templateReviewMs, () => {
			if (this.catalogue.get(template.id)?.status !== 'PENDING') return;
			if (this.knobs.templateReview === 'reject') this.decide(template.id, 'REJECTED', 'INVALID_FORMAT');
			else if (this.knobs.templateReview === 'approve') this.decide(template.id, 'APPROVED');
		});
	}

	decide(id: string, status: TemplateStatus, reason = 'NONE'): Template {
		const template = this.catalogue.change(id, { status, rejected_reason: status === 'REJECTED' ? reason : 'NONE' });
		this.tell(template);
		return template;
	}

	private tell({ id, name, language, category, status, rejected_reason }: Template): void {
		this.webhooks.enqueue(
			{
				field: 'message_template_status_update',
				time: Math.floor(this.clock.now() / 1000),
				value: {
					event: status,
					message_template_id: Number(id),
					message_template_name: name,
					message_template_language: language,
					reason: rejected_reason,
					message_template_category: category,
					...(status === 'PAUSED' && { other_info: { title: 'FIRST_PAUSE', description: 'The template is paused for 3 hours because of its quality.' } }),
				},
			},
			this.account.subscribed,
		);
	}
}

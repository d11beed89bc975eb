import type { SandboxClock } from '../clock';
import type { Schedule } from '../delivery/schedule';
import type { Knobs } from '../knobs';
import type { TemplateCatalogue } from './catalogue';
import type { QualityScore, Template, TemplateCategory, TemplateStatus } from './template';
import type { StatusTitle, TemplateNews } from './templateNews';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** How long the first and the second pause last; the third is for good (Meta, "Template pausing"). */
const pauses: ReadonlyArray<{ title: StatusTitle; ms: number }> = [
	{ title: 'FIRST_PAUSE', ms: 3 * hourMs },
	{ title: 'SECOND_PAUSE', ms: 6 * hourMs },
];

/** From the announcement of a new category to its change (Meta, "Template categorization"). */
const categoryNoticeMs = 24 * hourMs;
/** A deleted template still delivers for so long, and its name is not free (Meta, "Template management"). */
const deletionMs = 30 * dayMs;
const unusedMs = 365 * dayMs;
const archivedMs = 28 * dayMs;

/** What the sandbox remembers of a template beyond what the API shows. */
interface History {
	pauses: number;
	/** When the newest pause ended. */
	unpausedAt?: number;
	lastUsed: number;
	/** Raised by every change of status, so that what was planned for an earlier one does not happen. */
	turn: number;
}

/** What becomes of a template by Meta's doing: review, quality, pauses, category, archive, deletion. */
export class TemplateReview {
	private histories = new Map<string, History>();

	constructor(
		private readonly catalogue: TemplateCatalogue,
		private readonly news: TemplateNews,
		private readonly schedule: Schedule,
		private readonly clock: SandboxClock,
		private readonly knobs: Knobs,
	) {}

	/** Begins the review of a template that is PENDING. */
	begin(template: Template): void {
		this.watchUse(template.id);
		const { turn } = this.history(template.id);
		this.schedule.after(this.knobs.templateReviewMs, () => this.conclude(template.id, turn));
	}

	/** What the review comes to by the knob, if nobody decided before. */
	private conclude(id: string, turn: number): void {
		const { templateReview: outcome, templateRejectionReason: reason } = this.knobs;
		if (outcome === 'hold' || this.history(id).turn !== turn || this.catalogue.get(id)?.status !== 'PENDING') return;
		if (outcome === 'reject') this.decide(id, 'REJECTED', reason);
		else {
			// Meta approves what it takes for marketing as marketing, and says nothing (Meta, "Template categorization").
			if (outcome === 'approve-as-marketing') this.catalogue.change(id, { category: 'MARKETING' });
			this.decide(id, 'APPROVED');
		}
	}

	/** @param reason why it is REJECTED */
	decide(id: string, status: TemplateStatus, reason = 'NONE'): Template {
		if (status === 'PAUSED') return this.pause(id);
		const before = this.catalogue.get(id)?.status;
		const template = this.set(id, status, reason);
		const title = before === 'PAUSED' && status === 'APPROVED' ? 'UNPAUSE' : status === 'DISABLED' ? 'DISABLED' : undefined;
		if (title === 'UNPAUSE') this.history(id).unpausedAt = this.clock.now();
		this.news.status(template, before === 'ARCHIVED' && status === 'APPROVED' ? 'UNARCHIVED' : status, title);
		if (status === 'PENDING_DELETION') this.later(id, deletionMs, () => this.remove(id));
		if (status === 'ARCHIVED') this.later(id, archivedMs, () => this.remove(id));
		return template;
	}

	/** Residents block or report it: its quality sinks by one step, and from the lowest it is paused, or disabled the third time. */
	negativeFeedback(id: string): Template {
		const { score } = this.known(id).quality_score;
		if (score === 'GREEN' || score === 'UNKNOWN') {
			const template = this.rate(id, 'YELLOW');
			this.news.status(template, 'FLAGGED');
			return template;
		}
		if (score !== 'RED') this.rate(id, 'RED');
		return this.pause(id);
	}

	rate(id: string, score: QualityScore): Template {
		const before = this.known(id).quality_score.score;
		const template = this.catalogue.change(id, { quality_score: { score, date: Math.floor(this.clock.now() / 1000) } });
		if (before !== score) this.news.quality(template, before);
		return template;
	}

	/** Announces another category, which takes effect after a day. */
	announceCategory(id: string, correct: TemplateCategory): Template {
		const template = this.catalogue.change(id, { correct_category: correct });
		if (correct === template.category) return template;
		this.news.categoryToCome(template, correct, this.clock.now() + categoryNoticeMs);
		this.schedule.someday(categoryNoticeMs, () => {
			if (this.catalogue.get(id)?.correct_category === correct) this.changeCategory(id, correct);
		});
		return template;
	}

	/** Without notice, as for accounts that were warned before. */
	changeCategory(id: string, category: TemplateCategory): Template {
		const previous = this.known(id).category;
		const template = this.catalogue.change(id, { category, previous_category: previous, correct_category: undefined });
		if (previous !== category) this.news.categoryChanged(template, previous);
		return template;
	}

	/** Deletes as a business does: what residents may still have coming is kept for thirty days, the rest goes at once. */
	delete(id: string): void {
		const { status } = this.known(id);
		if (status === 'PENDING_DELETION') return;
		if (status === 'APPROVED' || status === 'PAUSED') this.decide(id, 'PENDING_DELETION');
		else this.remove(id);
	}

	/** A message is sent with it. */
	used(id: string): void {
		this.history(id).lastUsed = this.clock.now();
	}

	/** When its newest pause ended, in milliseconds since the epoch. */
	unpausedAt(id: string): number | undefined {
		return this.history(id).unpausedAt;
	}

	/** Forgets what happened to templates, and watches the use of those that are there. */
	restart(): void {
		this.histories = new Map();
		for (const { id } of this.catalogue.all()) this.watchUse(id);
	}

	private pause(id: string): Template {
		const history = this.history(id);
		const pause = pauses[history.pauses++];
		if (!pause) return this.decide(id, 'DISABLED');
		const template = this.set(id, 'PAUSED');
		this.news.status(template, 'PAUSED', pause.title);
		this.later(id, pause.ms, () => this.decide(id, 'APPROVED'));
		return template;
	}

	private remove(id: string): void {
		const template = this.set(id, 'DELETED');
		this.news.status(template, 'DELETED');
		this.catalogue.remove(id);
		this.histories.delete(id);
	}

	private set(id: string, status: TemplateStatus, reason = 'NONE'): Template {
		this.history(id).turn++;
		return this.catalogue.change(id, { status, rejected_reason: status === 'REJECTED' ? reason : 'NONE' });
	}

	/** Does something later, unless the status changed in the meantime. */
	private later(id: string, ms: number, act: () => void): void {
		const { turn } = this.history(id);
		this.schedule.someday(ms, () => {
			if (this.histories.get(id)?.turn === turn) act();
		});
	}

	private watchUse(id: string): void {
		const left = this.history(id).lastUsed + unusedMs - this.clock.now();
		this.schedule.someday(left, () => {
			const history = this.histories.get(id);
			if (!history || !this.catalogue.get(id)) return;
			if (history.lastUsed + unusedMs > this.clock.now()) this.watchUse(id);
			else if (this.known(id).status === 'APPROVED') this.decide(id, 'ARCHIVED');
		});
	}

	private known(id: string): Template {
		return this.catalogue.change(id, {});
	}

	private history(id: string): History {
		const known = this.histories.get(id);
		if (known) return known;
		const history: History = { pauses: 0, lastUsed: this.clock.now(), turn: 0 };
		this.histories.set(id, history);
		return history;
	}
}

import type { SandboxClock } from '../clock';
import type { GraphCode } from '../cloudApi/graphError';
import type { Schedule } from '../delivery/schedule';
import type { Knobs } from '../knobs';
import type { TemplateReview } from './review';
import type { Template } from './template';

/** How long a template counts as new, and as just unpaused (Meta, "Template pacing"). */
const newMs = 7 * 24 * 3_600_000;

/** Lets a message go on, or fails it with the code. */
export type Release = (failure?: GraphCode) => void;

interface Held {
	/** Messages that went at once, to see how people take them. */
	let: number;
	readonly waiting: Release[];
}

/**
 * Template pacing: of a new marketing template, or of one that was just paused, a first batch goes out and the rest is held
 * until its quality is known; then it goes too, or fails with 132015 (Meta, "Template pacing").
 */
export class TemplatePacing {
	private readonly held = new Map<string, Held>();

	constructor(
		private readonly review: TemplateReview,
		private readonly schedule: Schedule,
		private readonly clock: SandboxClock,
		private readonly knobs: Knobs,
	) {}

	/**
	 * @param release called now, or once the template's quality is known
	 * @returns the `message_status` of the answer
	 */
	admit(template: Template, release: Release): 'accepted' | 'held_for_quality_assessment' {
		this.review.used(template.id);
		if (this.knobs.templatePacing === 'off' || !this.paced(template)) {
			release();
			return 'accepted';
		}
		const held = this.held.get(template.id) ?? { let: 0, waiting: [] };
		this.held.set(template.id, held);
		if (held.let < this.knobs.templatePacingBatch) {
			held.let++;
			release();
			return 'accepted';
		}
		if (held.waiting.length === 0) this.schedule.someday(this.knobs.templatePacingMs, () => this.conclude(template.id, this.knobs.templatePacing === 'discard' ? 'discard' : 'release'));
		held.waiting.push(release);
		return 'held_for_quality_assessment';
	}

	/** Ends the assessment: what was held goes on or fails. @returns how many messages that were */
	conclude(id: string, outcome: 'release' | 'discard'): number {
		const waiting = this.held.get(id)?.waiting.splice(0) ?? [];
		for (const release of waiting) release(outcome === 'discard' ? 132015 : undefined);
		return waiting.length;
	}

	clear(): void {
		this.held.clear();
	}

	private paced({ id, category, createdAt }: Template): boolean {
		const since = (moment: number | undefined): boolean => moment !== undefined && this.clock.now() - moment < newMs;
		return since(this.review.unpausedAt(id)) || (category === 'MARKETING' && since(createdAt));
	}
}

import type { SandboxClock } from '../clock';
import type { Schedule } from './schedule';
import type { WebhookSender } from './webhookSender';

/**
 * Lets sandbox time pass at once: every job that falls due on the way runs at its own moment and in order, and the webhooks
 * it causes are answered (or refused, or time out) before the clock goes on, so that their retries fall into place.
 */
export class PassingTime {
	private last: Promise<unknown> = Promise.resolve();

	constructor(
		private readonly clock: SandboxClock,
		private readonly schedule: Schedule,
		private readonly webhooks: Pick<WebhookSender, 'settled'>,
	) {}

	/**
	 * One call after the other. A reset on the way ends it early.
	 *
	 * @param ms milliseconds of sandbox time
	 * @returns how many jobs ran
	 */
	pass(ms: number): Promise<number> {
		const passed = this.last.then(() => this.run(ms));
		// Whoever called hears of a failure; the next call does not.
		this.last = passed.catch(() => undefined);
		return passed;
	}

	private async run(ms: number): Promise<number> {
		const goOn = this.clock.hold();
		try {
			const until = this.clock.elapsed() + ms;
			let ran = 0;
			for (;;) {
				await this.webhooks.settled();
				const due = this.schedule.nextDue;
				if (due === undefined || due > until) break;
				this.clock.moveTo(due);
				ran += this.schedule.runDue();
			}
			this.clock.moveTo(until);
			return ran;
		} finally {
			goOn();
		}
	}
}

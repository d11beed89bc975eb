import type { ITriggerFunctions } from 'n8n-workflow';
import { inPlainWords } from '../shared/inPlainWords';

const everyMs = 500;

/** Does the same thing again and again until it is stopped, one round after the other. */
export class Rounds {
	#timer: NodeJS.Timeout | undefined;
	#stopped = false;
	#complained = false;

	constructor(
		private readonly context: Pick<ITriggerFunctions, 'logger'>,
		private readonly round: () => Promise<void>,
	) {}

	get stopped(): boolean {
		return this.#stopped;
	}

	async start(): Promise<void> {
		if (this.#stopped) return;
		try {
			await this.round();
			this.#complained = false;
		} catch (thrown) {
			// Said once, not twice a second. The next round tries again.
			if (!this.#complained) this.context.logger.error('The inbox cannot be read', { detail: inPlainWords(thrown) });
			this.#complained = true;
		}
		if (!this.#stopped) this.#timer = setTimeout(() => void this.start(), everyMs);
	}

	stop(): void {
		this.#stopped = true;
		clearTimeout(this.#timer);
	}
}

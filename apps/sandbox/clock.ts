import { systemClock, type Clock } from '../../core/world';

/** Meta's clock as the sandbox plays it: the machine's, plus a skew that the admin plane sets for clock tests. */
export class SandboxClock implements Clock {
	skewMs = 0;

	private headerSecond = -1;
	private headerText = '';

	constructor(private readonly real: Clock = systemClock) {}

	now(): number {
		return this.real.now() + this.skewMs;
	}

	/** Unix seconds as a string: the way webhooks carry time. */
	timestamp(): string {
		return String(Math.floor(this.now() / 1000));
	}

	/** The value of the HTTP `Date` header, built once a second. */
	dateHeader(): string {
		const second = Math.floor(this.now() / 1000);
		if (second !== this.headerSecond) {
			this.headerSecond = second;
			this.headerText = new Date(second * 1000).toUTCString();
		}
		return this.headerText;
	}
}

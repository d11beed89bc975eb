import type { SeededRandom } from '../seededRandom';

/**
 * Message ids in the look of Meta's: `wamid.` and base64. Each is unique in its sandbox, because it holds the phone number
 * and a count for that number; a reset begins a new series, since clients remember ids they have seen.
 */
export class MessageIds {
	private series = 0;

	constructor(private readonly random: SeededRandom) {}

	outbound(number: string, nth: number): string {
		return this.compose(number, nth, '\x11');
	}

	inbound(number: string, nth: number): string {
		return this.compose(number, nth, '\x12');
	}

	nextSeries(): void {
		this.series++;
	}

	private compose(number: string, nth: number, direction: string): string {
		const random = this.random.integer(number, direction, nth + this.series * 1_000_003);
		const tail = `${hex(random)}${hex(nth)}${hex(this.series).slice(-4)}`.toUpperCase();
		return `wamid.${Buffer.from(`\x1c\x18${String.fromCharCode(number.length)}${number}\x15\x02\x00${direction}\x18\x14${tail}\x00`, 'latin1').toString('base64')}`;
	}
}

function hex(value: number): string {
	return value.toString(16).padStart(8, '0');
}

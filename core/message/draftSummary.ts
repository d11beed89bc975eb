import type { CostEstimate } from './priceTable';

/** A message as a resident will see it, plain text. */
export interface RenderedMessage {
	/** A text; or what stands in its place, in words: a picture or a map. */
	header: string | null;
	body: string;
	footer: string | null;
	buttons: ShownButton[];
	/** `ends` in ISO 8601, null where the offer does not run out. Absent from messages without an offer. */
	offer?: { text: string; ends: string | null };
	/** To leaf through. Absent from messages without any. */
	cards?: RenderedCard[];
}

export interface ShownButton {
	kind: string;
	text: string;
	url?: string;
	phone?: string;
	code?: string;
}

/** One card, as a resident will see it. */
export interface RenderedCard {
	/** The picture or film in words. */
	header: string | null;
	/** Empty where the card has no words. */
	body: string;
	buttons: ShownButton[];
}

/** What a person should see before anything is signed: counts and words, no personal data. */
export interface DraftSummary {
	message: RenderedMessage;
	audience: {
		/** In plain words. */
		description: string;
		count: number;
		byArea: Array<{ area: string; name: string; count: number }>;
		leftOut: { optedOut: number; unreachable: number; capped?: number };
	};
	cost: CostEstimate | null;
	warnings: string[];
}

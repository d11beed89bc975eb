import type { CostEstimate } from './priceTable';

/** A message as a resident will see it, plain text. */
export interface RenderedMessage {
	/** A text; or what stands in its place, in words: a picture or a map. */
	header: string | null;
	body: string;
	footer: string | null;
	buttons: Array<{ kind: string; text: string; url?: string; phone?: string; code?: string }>;
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

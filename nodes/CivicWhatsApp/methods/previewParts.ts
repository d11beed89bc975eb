import type { INodePropertyOptions } from 'n8n-workflow';
import type { RenderedMessage } from '../../../core/message/draftSummary';
import { momentInWords } from '../../../core/message/momentInWords';
import { buttonLines } from '../../../core/message/previewTemplate';

/** What only some messages have, as entries of the preview: an offer that runs out, and the cards of a carousel. */
export function offerAndCards({ offer, cards = [] }: RenderedMessage, zone: string): INodePropertyOptions[] {
	const ends = offer === undefined || offer.ends === null ? '' : `, ends ${momentInWords(offer.ends, zone)}`;
	return [
		...(offer === undefined ? [] : [{ name: 'Offer', value: 'part-offer', description: `${offer.text}${ends}` }]),
		...cards.map(({ header, body, buttons }, index) => ({
			name: `Card ${index + 1}`,
			value: `part-card-${index + 1}`,
			description: [header, body, buttonLines(buttons, ' · ')].filter((part) => part !== null && part !== '').join(' – '),
		})),
	];
}

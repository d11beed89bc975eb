import type { GraphRefusal } from './graphAnswer';

export interface CreationRefusal {
	/** The part of the definition it is about, where Meta says so. */
	field: string | null;
	explain: string;
	goOn: string;
}

/**
 * Meta: "Error codes", template creation. Most come as `error_subcode` of code 100. Decided on the number alone: texts are
 * localised.
 */
const bySubcode: Readonly<Record<number, CreationRefusal>> = {
	2388019: { field: null, explain: 'The account holds as many templates as Meta allows it.', goOn: 'Delete templates that nobody uses in WhatsApp Manager. A verified business may hold 6,000, an unverified one 250.' },
	2388023: { field: 'name', explain: 'A template of this name and language is being deleted.', goOn: 'A name is free again 30 days after deletion. Use another name until then.' },
	2388024: { field: 'name', explain: 'There is already a template of this name in this language.', goOn: 'Compare the two with Template: Get, or submit under another name.' },
	2388039: { field: null, explain: 'The template is in a state that cannot be changed now.', goOn: 'Look at its status in WhatsApp Manager.' },
	2388040: { field: 'components', explain: 'A part of the template is longer than Meta allows.', goOn: 'Header and footer take 60 characters, the body 1,024, a button label 25.' },
	2388043: { field: 'components', explain: 'A part or an example is missing or of the wrong kind.', goOn: 'Give a body, and an example for every variable.' },
	2388047: { field: 'header', explain: 'Meta does not take the header as it is written.', goOn: 'Leave out line breaks, emoji and marks such as asterisks, and use one variable at most.' },
	2388072: { field: 'body', explain: 'Meta does not take the body as it is written.', goOn: 'Write variables as {{name}}, put words between them, and leave out more than two empty lines in a row.' },
	2388073: { field: 'footer', explain: 'Meta does not take the footer as it is written.', goOn: 'Leave out variables, emoji, line breaks and marks.' },
	2388293: { field: 'body', explain: 'The text has too many variables for its length.', goOn: 'Use fewer variables or more fixed words.' },
	2388299: { field: 'body', explain: 'The text begins or ends with a variable.', goOn: 'Put fixed words around it.' },
};

/** What Meta’s refusal of a new template means, or undefined when it is no refusal of the definition. */
export function creationRefusal({ code, subcode }: Pick<GraphRefusal, 'code' | 'subcode'>): CreationRefusal | undefined {
	const known = bySubcode[subcode ?? 0] ?? bySubcode[code ?? 0];
	if (known !== undefined) return known;
	if (code !== 100) return undefined;
	return { field: null, explain: 'Meta does not take this definition.', goOn: 'Compare it with Meta’s page “Template components”, or build it once in WhatsApp Manager to see which part is refused.' };
}

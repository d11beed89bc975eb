import { type DefinitionProblem, edgeProblems, lengthProblems, problem, variableProblems } from './definitionTexts';
import { placeholdersIn } from './placeholders';
import { codeProblems } from './codeDefinition';
import { contactRequestLabel, flowLimits } from './templateFlow';
import { offerLimits } from './templateOffer';
import type { DefinedButton, DefinedComponent, TemplateDefinition } from './templateDefinition';

/** Meta: "Template components", "Template management" and "Time-to-live". Lengths in UTF-16 units, never fewer than Meta counts. */
export const definitionLimits = {
	name: 512,
	header: 60,
	headerVariables: 1,
	body: 1024,
	footer: 60,
	buttons: 10,
	buttonLabel: 25,
	urlButtons: 2,
	url: 2000,
	phoneButtons: 1,
	phoneNumber: 20,
	copyCodeButtons: 1,
	copyCode: 15,
	/** Seconds, first to last. -1 stands for 30 days. */
	ttl: { UTILITY: [30, 43_200], MARKETING: [43_200, 2_592_000], AUTHENTICATION: [30, 900] },
} as const;

/**
 * Everything about a definition that breaks a limit. The ratio of words to variables that Meta enforces (2388293) is
 * published nowhere; two fixed words a variable and one more is what integrators report, so it is what is asked here.
 */
export function definitionProblems(definition: TemplateDefinition): DefinitionProblem[] {
	const parts = definition.category === 'AUTHENTICATION' ? codeProblems(definition) : componentsProblems(definition);
	return [...headProblems(definition), ...parts, ...ttlProblems(definition)];
}

function headProblems({ name, language }: TemplateDefinition): DefinitionProblem[] {
	const problems: DefinitionProblem[] = [];
	if (!/^[a-z0-9_]+$/.test(name)) problems.push(problem('name', 'may hold lower-case letters, digits and underscores only'));
	if (name.length > definitionLimits.name) problems.push(problem('name', `has ${name.length} characters; ${definitionLimits.name} are allowed`));
	if (/^cy(_|$)/.test(language)) {
		problems.push(problem('language', 'is Welsh, which is not among Meta’s template languages; register Welsh words under en_GB, with a name that ends in _cy'));
	} else if (!/^[a-z]{2,3}(_[A-Z]{2,3})?$/.test(language)) {
		problems.push(problem('language', 'is not a code of Meta’s, such as en_GB with an underscore'));
	}
	return problems;
}

function componentsProblems({ components, parameter_format: format }: TemplateDefinition): DefinitionProblem[] {
	const problems: DefinitionProblem[] = [];
	for (const type of ['HEADER', 'LIMITED_TIME_OFFER', 'BODY', 'FOOTER', 'BUTTONS', 'CAROUSEL'] as const) {
		const count = components.filter((component) => component.type === type).length;
		if (count > 1) problems.push(problem(type.toLowerCase(), 'is there more than once'));
		if (count === 0 && type === 'BODY') problems.push(problem('body', 'is missing'));
	}
	const body = components.some(({ type }) => type === 'LIMITED_TIME_OFFER') ? offerLimits.body : definitionLimits.body;
	return [...problems, ...components.flatMap((component) => componentProblems(component, format, body))];
}

/**
 * What is wrong with one part, of a message or of a card.
 * @param body how long a body may be
 * @param of where the part is, for the names of fields: `carousel [2].`
 */
export function componentProblems(component: DefinedComponent, format: TemplateDefinition['parameter_format'], body: number, of = ''): DefinitionProblem[] {
	switch (component.type) {
		case 'HEADER':
			return headerProblems(component, format, `${of}header`);
		case 'BODY': {
			const { text, example } = component;
			if (text === undefined) return [problem('body', 'has no text')];
			if (component.add_security_recommendation !== undefined) return [problem('body', 'holds a security recommendation, which only templates for codes have')];
			const given = format === 'NAMED' ? example?.body_text_named_params : example?.body_text?.[0];
			return [...lengthProblems(`${of}body`, text, body), ...edgeProblems(`${of}body`, text), ...variableProblems(`${of}body`, text, format, given)];
		}
		case 'FOOTER':
			if (component.text === undefined || component.code_expiration_minutes !== undefined) return [problem('footer', 'has no text, or says how long a code lasts, which only templates for codes do')];
			return [
				...lengthProblems('footer', component.text, definitionLimits.footer),
				...(placeholdersIn(component.text).length > 0 ? [problem('footer', 'holds a variable, and a footer takes none')] : []),
			];
		case 'BUTTONS':
			return buttonsProblems(component.buttons, `${of}buttons`);
		case 'LIMITED_TIME_OFFER':
			return lengthProblems('limited_time_offer', component.limited_time_offer.text, offerLimits.text);
		case 'CAROUSEL':
			return [];
	}
}

function headerProblems({ format: kind, text, example }: Extract<DefinedComponent, { type: 'HEADER' }>, format: TemplateDefinition['parameter_format'], field: string): DefinitionProblem[] {
	if (kind !== 'TEXT') {
		if (text !== undefined) return [problem(field, `is of the kind ${kind} and holds a text all the same`)];
		return kind === 'LOCATION' || (example?.header_handle?.length ?? 0) > 0 ? [] : [problem(field, 'needs an example file (header_handle), which Meta’s reviewers look at')];
	}
	if (text === undefined) return [problem(field, 'has no text')];
	const given = format === 'NAMED' ? example?.header_text_named_params : example?.header_text;
	const variables = placeholdersIn(text).length;
	return [
		...lengthProblems(field, text, definitionLimits.header),
		...(variables > definitionLimits.headerVariables ? [problem(field, `holds ${variables} variables; ${definitionLimits.headerVariables} is allowed`)] : []),
		...variableProblems(field, text, format, given),
	];
}

function buttonsProblems(buttons: readonly DefinedButton[], field: string): DefinitionProblem[] {
	const count = (type: DefinedButton['type']) => buttons.filter((button) => button.type === type).length;
	const problems: DefinitionProblem[] = [];
	const atMost = (what: string, found: number, most: number) => {
		if (found > most) problems.push(problem(field, `holds ${found} ${what}; ${most} ${most === 1 ? 'is' : 'are'} allowed`));
	};
	if (buttons.length === 0) problems.push(problem(field, 'is an empty list'));
	atMost('buttons', buttons.length, definitionLimits.buttons);
	atMost('links', count('URL'), definitionLimits.urlButtons);
	atMost('telephone buttons', count('PHONE_NUMBER'), definitionLimits.phoneButtons);
	atMost('copy-code buttons', count('COPY_CODE'), definitionLimits.copyCodeButtons);
	const changes = buttons.filter((button, at) => at > 0 && (buttons[at - 1]?.type === 'QUICK_REPLY') !== (button.type === 'QUICK_REPLY')).length;
	if (changes > 1) problems.push(problem(field, 'mixes quick replies with other kinds; keep each group together'));
	const labels = buttons.flatMap(({ text }) => (text === undefined ? [] : [text.trim().toLowerCase()]));
	if (new Set(labels).size < labels.length) problems.push(problem(field, 'holds two buttons with the same label'));
	return [...problems, ...buttons.flatMap((button, at) => buttonProblems(button, `${field} [${at + 1}]`))];
}

function buttonProblems(button: DefinedButton, field: string): DefinitionProblem[] {
	const label = button.text === undefined ? [] : lengthProblems(field, button.text, definitionLimits.buttonLabel);
	switch (button.type) {
		case 'QUICK_REPLY':
			return label;
		case 'OTP':
			return [problem(field, 'is for codes; only templates of the category AUTHENTICATION have it')];
		case 'URL':
			return [...label, ...urlProblems(field, button.url, button.example)];
		case 'PHONE_NUMBER': {
			const { phone_number: phone } = button;
			const fits = /^\+?[\d\s().-]+$/.test(phone) && phone.length <= definitionLimits.phoneNumber;
			return [...label, ...(fits ? [] : [problem(field, `needs a telephone number of at most ${definitionLimits.phoneNumber} characters`)])];
		}
		case 'FLOW':
			return [...lengthProblems(field, button.text, flowLimits.label), ...flowProblems(button, field)];
		case 'REQUEST_CONTACT_INFO':
			return button.text === undefined || button.text.toLowerCase() === contactRequestLabel.toLowerCase() ? [] : [problem(field, `carries Meta’s own words, “${contactRequestLabel}”; leave its text out`)];
		case 'COPY_CODE': {
			const code = String(button.example);
			return [...label, ...(code.length > 0 && code.length <= definitionLimits.copyCode ? [] : [problem(field, `needs an example code of 1 to ${definitionLimits.copyCode} characters`)])];
		}
	}
}

/** Meta: "Sending a Flow". A form is named by one of three, and by no more than one. */
function flowProblems({ flow_id, flow_name, flow_json, flow_action, navigate_screen }: Extract<DefinedButton, { type: 'FLOW' }>, field: string): DefinitionProblem[] {
	const named = [flow_id, flow_name, flow_json].filter((one) => one !== undefined);
	return [
		...(named.length === 1 && named[0] !== '' ? [] : [problem(field, 'needs exactly one of flow_id, flow_name and flow_json')]),
		...(flow_action === 'data_exchange' && navigate_screen !== undefined ? [problem(field, 'names a navigate_screen, which goes with the flow_action navigate only')] : []),
	];
}

function urlProblems(field: string, url: string, example: readonly string[] | undefined): DefinitionProblem[] {
	const problems: DefinitionProblem[] = [];
	const variables = url.match(/\{\{[^}]*\}\}/g) ?? [];
	if (url.length > definitionLimits.url || !/^https?:\/\/[^\s/{]+[^\s]*$/i.test(url)) problems.push(problem(field, `needs a web address of at most ${definitionLimits.url} characters whose host is fixed`));
	if (variables.length > 1 || (variables.length === 1 && !url.endsWith('{{1}}'))) problems.push(problem(field, 'may hold one variable, {{1}}, at the end of its address'));
	if (variables.length === 1 && example?.length !== 1) problems.push(problem(field, 'needs one example of the whole address'));
	return problems;
}

function ttlProblems({ category, message_send_ttl_seconds: ttl }: TemplateDefinition): DefinitionProblem[] {
	if (ttl === undefined || ttl === -1) return [];
	const [least, most] = definitionLimits.ttl[category];
	return ttl < least || ttl > most ? [problem('message_send_ttl_seconds', `is ${ttl}; for ${category} it is ${least} to ${most}, or -1 for 30 days`)] : [];
}

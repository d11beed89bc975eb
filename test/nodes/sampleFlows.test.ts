import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INode, INodeParameterResourceLocator, ResourceMapperValue } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';
import { findInLibrary, readTemplateLibrary } from '../../core/message/templateLibrary';
import { parseTemplate } from '../../core/whatsapp/template';
import { formFields } from '../../nodes/CivicWhatsApp/methods/templateFields';
import { parseTemplateChoice } from '../../nodes/shared/templateFields';
import { manifest, n8nWorkflow, packageNodes } from './engine';

const folder = join(__dirname, '../../workflows');
const library = readTemplateLibrary(join(folder, 'templates'));
const flows = readdirSync(folder).filter((file) => file.endsWith('.json'));
const nodesOf = (file: string) => (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { nodes: INode[] }).nodes;
const ownNodes = flows.flatMap((file) => nodesOf(file).flatMap((node): Array<[string, string, INode]> => (node.type.startsWith(`${manifest.name}.`) ? [[file, node.name, node]] : [])));

describe.each(ownNodes)('%s: %s', (_file, _name, node) => {
	const description = packageNodes.find((type) => `${manifest.name}.${type.description.name}` === node.type)?.description;
	if (description === undefined) throw new Error(node.type);

	it('holds only parameters that the node has, and nothing that n8n complains about', () => {
		const kept = n8nWorkflow.NodeHelpers.getNodeParameters(description.properties, node.parameters, false, false, node, description);
		expect(Object.keys(node.parameters).filter((parameter) => !description.properties.some(({ name }) => name === parameter))).toEqual([]);
		expect(kept).not.toBeNull();
		expect(n8nWorkflow.NodeHelpers.getNodeParametersIssues(description.properties, node, description)?.parameters ?? {}).toEqual({});
	});

	it('holds the form of its template as the node makes it today', () => {
		const { template, templateValues } = node.parameters as { template?: INodeParameterResourceLocator; templateValues?: ResourceMapperValue };
		if (templateValues === undefined) return;
		const { name, language } = parseTemplateChoice(String(template?.value));
		const { definition } = findInLibrary(library, name, language);
		const form = formFields(parseTemplate({ id: '1', status: 'APPROVED', ...definition }));
		expect(templateValues.schema).toEqual(form);
		const required = form.filter((field) => field.required).map(({ id }) => id);
		expect(Object.keys(templateValues.value ?? {})).toEqual(required);
	});
});

import type { IDataObject } from 'n8n-workflow';
import { standingWarnings } from '../../../core/message/previewTemplate';
import { componentOf, type Template } from '../../../core/whatsapp/template';
import { parameterFields } from '../../../core/whatsapp/templateParameters';

/** A template for a flow: what it says, whether it can be sent, and which values it takes. */
export function describeTemplate(template: Template): IDataObject {
	const { id, name, language, status, category, correctCategory, rejectedReason, quality, ttlSeconds } = template;
	return {
		id,
		name,
		language,
		status,
		category,
		categoryChangePending: correctCategory ?? null,
		rejectedReason: rejectedReason ?? null,
		quality: quality ?? null,
		secondsToLive: ttlSeconds ?? null,
		header: componentOf(template, 'HEADER')?.text ?? null,
		body: componentOf(template, 'BODY')?.text ?? null,
		footer: componentOf(template, 'FOOTER')?.text ?? null,
		values: parameterFields(template).map(({ key, label, example, required }) => ({ key, label, example, required })),
		warnings: standingWarnings(template),
	};
}

import { CivicError } from '../errors';
import { readDraft } from '../message/loadDraft';
import { requireSameMedia } from '../message/draftMedia';
import { requireApproved } from '../message/requireApproved';
import { templateContent } from '../whatsapp/templateContent';
import { readFinished, readReport, type BroadcastReport } from './report';
import { SendRun, type SendSettings } from './sendRun';
import { startBroadcast } from './startBroadcast';

export type { SendSettings } from './sendRun';

/**
 * Sends a signed draft, or goes on with it where an earlier run stopped. Safe to run again at any time: nobody is asked
 * twice unless the first request was certainly not accepted, and a broadcast that has finished only gives its report.
 * @throws CivicError when the draft may not be sent; then nothing was sent by this run
 */
export async function sendBroadcast(settings: SendSettings, draftId: string): Promise<BroadcastReport> {
	const { store, api, channelId, rulesFingerprint } = settings;
	const draft = await store.execute(readDraft, { draftId });
	const finished = await store.execute(readFinished, { draftId });
	if (finished !== null) return finished;
	const variant = draft.content.variants[0];
	if (variant === undefined) throw new CivicError('draft.changed', 'The draft holds no message.', 'Make a new draft.');
	const { value: template, serverDate } = await api.getTemplate(variant.template, variant.templateLanguage);
	requireApproved(template);
	await requireSameMedia(api, variant);
	const started = await store.execute(startBroadcast, {
		draftId,
		channelId,
		rulesFingerprint,
		preflight: { templateContent: templateContent(template), category: template.category, serverDate: serverDate ?? null },
	});
	await new SendRun(settings, started, template).complete();
	return store.execute(readReport, { id: started.broadcastId });
}

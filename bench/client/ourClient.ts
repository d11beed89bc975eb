import { createCloudApi } from '../../core/whatsapp/cloudApi';
import { callbackData, grittingMessage } from './message';
import { runSender, type Send, type Target } from './sender';

/** What a broadcast of this package sends with, whole: checked message, proof of the app secret, outcome by the error table. */
function ourClient({ url, ...credentials }: Target): Send {
	const api = createCloudApi({ graphUrl: url, graphVersion: 'v25.0', ...credentials });
	return async (nth) => {
		const outcome = await api.sendTemplate(grittingMessage(nth), { callbackData: callbackData(nth) });
		return outcome.outcome === 'accepted' ? outcome.messageId : JSON.stringify(outcome);
	};
}

runSender(ourClient);

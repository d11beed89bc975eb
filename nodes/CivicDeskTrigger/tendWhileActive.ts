import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { inPlainWords } from '../shared/inPlainWords';
import { openStore } from '../shared/openStore';
import { cannotBeTried, isTried } from './deskAddress';
import { deskOver } from './processDesk';

const tendEveryMs = 1000;

/** Looks after what must happen without a request, about once a second, for as long as the workflow is active. */
export async function tendWhileActive(context: ITriggerFunctions): Promise<ITriggerResponse> {
	if (isTried(context)) throw cannotBeTried();
	let timer: NodeJS.Timeout | undefined;
	let stopped = false;
	let complained = false;
	const round = async (): Promise<void> => {
		try {
			// Opened anew each time: a store that was lost is found again without a restart.
			await deskOver(await openStore(context)).tend();
			complained = false;
		} catch (thrown) {
			// Said once, not every second. The next round tries everything again.
			if (!complained) context.logger.error('The desk cannot be tended', { detail: inPlainWords(thrown) });
			complained = true;
		}
		if (!stopped) timer = setTimeout(() => void round(), tendEveryMs);
	};
	timer = setTimeout(() => void round(), 0);
	return {
		closeFunction: async () => {
			stopped = true;
			clearTimeout(timer);
			await deskOver(await openStore(context)).close();
		},
	};
}

import { ensureN8n } from '../host/n8nInstallation';
import type { Knobs } from '../sandbox/knobs';
import { startCouncil, type Council } from './council';
import { userFolder } from './folders';
import { preferPort } from './freePort';
import { preparePackage } from './preparePackage';

/**
 * A council in the demo's own folder, at the ports that people know as long as nothing else has them.
 * @param knobs of the stand-in for WhatsApp, over the demo's own
 * @param signal stops the start-up where it is; what was started by then is stopped too
 */
export async function startDemo(knobs: Partial<Knobs>, signal: AbortSignal): Promise<Council> {
	await ensureN8n();
	signal.throwIfAborted();
	await preparePackage();
	signal.throwIfAborted();
	const [n8n, api, admin, phones] = [await preferPort(5678), await preferPort(5690), await preferPort(5691), await preferPort(5692)];
	return startCouncil({ userFolder, ports: { n8n, api, admin, phones }, knobs, signal });
}

import type { IExecuteFunctions } from 'n8n-workflow';
import { hostSettingNames, type HostFacts } from '../../../core/channel/check/checkWorld';

/** What can be seen of this n8n from inside a node: a handful of its settings by name, and the nodes it offers. */
export function readHostFacts(context: Pick<IExecuteFunctions, 'getKnownNodeTypes'>, env: Record<string, string | undefined>): HostFacts {
	const known = Object.keys(context.getKnownNodeTypes());
	return {
		env: Object.fromEntries(hostSettingNames.map((name) => [name, env[name]])),
		nodeTypes: known.length === 0 ? null : known,
	};
}

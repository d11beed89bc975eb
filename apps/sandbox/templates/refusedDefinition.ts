import { GraphError } from '../cloudApi/graphError';

/** A creation that Graph refuses with code 100 and a subcode (Meta, "Error codes": 2388…). */
export function refusedDefinition(subcode: number, message: string): GraphError {
	return new GraphError(100, undefined, { subcode, message: 'Invalid parameter', userTitle: 'Template not created', userMessage: message });
}

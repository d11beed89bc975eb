/** A request as it reached the desk, whatever host serves it. */
export interface DeskRequest {
	method: string;
	/** The secret in the address of a page. */
	token?: string;
	query: Record<string, string | undefined>;
	/** A header by its lower-case name. */
	header: (name: string) => string | undefined;
	/** The exact bytes of the body. */
	rawBody: Buffer;
	/** Fields of a submitted form. */
	form: Record<string, string | undefined>;
}

export interface DeskResponse {
	status: number;
	headers: Record<string, string>;
	body: string;
}

export function plainResponse(status: number, body: string): DeskResponse {
	return { status, headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }, body };
}

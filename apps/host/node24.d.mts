export interface Node24 {
	/** The node program itself. */
	binary: string;
	/** The folder that holds it, to be put first on PATH. */
	folder: string;
}

/** Node 24: the running one where its major version is 24 or newer, else the npm package, fetched once. */
export function ensureNode24(): Promise<Node24>;

/** Node 24 from the npm registry whatever runs now; `headers` is what `npm_config_nodedir` wants. */
export function ensureNode24Package(): Promise<Node24 & { headers: string }>;

/** `env` (by default our own) with `folder` first on PATH. */
export function withNodeFirst(folder: string, env?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;

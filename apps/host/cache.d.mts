/** Where downloaded programs live: `CIVIC_COMMS_CACHE`, or `.cache/civic-comms` in the home folder. */
export function cacheRoot(): string;

/** Writes one progress line to stderr. */
export function say(line: string): void;

/**
 * Returns `folder` once it is complete, calling `fill` with a temporary folder if nobody has filled it yet.
 * Safe for several processes at once: one fills, the others wait. `title` names the thing in progress lines.
 */
export function prepareOnce(folder: string, title: string, fill: (part: string) => Promise<void>): Promise<string>;

/** Folders of the core, from the top tier to the lowest. */
export const coreTiers: string[][];

/** What a resident cannot do just now, in a sentence for the person who tried it. */
export class ResidentRefusal extends Error {}

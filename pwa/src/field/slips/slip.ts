/** What a slip says of a seal, for eyes and for a camera. Pure. */

/** 43 characters in groups of four, as somebody copies them by hand. */
export const grouped = (digest: string): string[] => digest.match(/.{1,4}/g) ?? []

/** What the verifiers take as the slip: the seal's digest and the number of signed records before it. */
export const slipText = (digest: string, count: number): string => `zhicha-seal/1 ${digest}:${count}`

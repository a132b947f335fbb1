/** The codes of one kind («kind.EXECUTIVE», «kind.PARTY»), in the order in which their words stand. */
export const codesOf = <C extends string>(words: Readonly<Record<string, string>>, kind: string): C[] =>
  Object.keys(words).flatMap((key) => (key.startsWith(`${kind}.`) ? [key.slice(kind.length + 1) as C] : []))

/** Safari does not say when it is idle; there a moment later must do. */
const whenIdle = globalThis.requestIdleCallback ?? ((act: () => void) => setTimeout(act, 200))

/** Resolves when the page has nothing else to do. */
export const idle = (): Promise<void> => new Promise((resolve) => whenIdle(() => resolve()))

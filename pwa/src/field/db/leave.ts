/**
 * A page that is left may be kept for its history: frozen, in WebKit together with the transactions that it was in the
 * middle of, and every later page waits for those for ever (https://github.com/w3c/IndexedDB/issues/381). So they are
 * given up at that moment, as when a tab is closed, and a page that is brought back starts anew.
 */
import type { DBCore, Dexie } from 'dexie'

const running = new Set<IDBTransaction>()

/** Know the transactions of a database that are under way. */
export function watchTransactions(db: Dexie): void {
  db.use({
    stack: 'dbcore',
    name: 'leave',
    create: (core): DBCore => ({
      ...core,
      transaction(...given) {
        const made = core.transaction(...given)
        const transaction = made as unknown as IDBTransaction
        running.add(transaction)
        for (const end of ['complete', 'abort'])
          transaction.addEventListener(end, () => running.delete(transaction))
        return made
      },
    }),
  })
}

const isKept = (event: Event): boolean => (event as PageTransitionEvent).persisted

/** `act` ends whatever else of this page holds the database. */
export function whenFrozen(act: () => void): void {
  addEventListener('pagehide', (event) => {
    if (isKept(event)) act()
  })
}

/** For the page; neither a worker nor a service worker is ever kept for its history. */
export function letGoWhenLeft(db: Dexie): void {
  whenFrozen(() => {
    db.close()
    for (const transaction of running) {
      try {
        transaction.abort()
      } catch {
        // It came to its end by itself.
      }
    }
  })
  addEventListener('pageshow', (event) => {
    if (isKept(event)) location.reload()
  })
}

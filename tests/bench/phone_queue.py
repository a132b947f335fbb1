"""A queue of many photos on the phone: one is taken through the app, the others are its copies under ids of their own.

The rows are the app's own, in its own stores; taking each photo through the screen would need minutes and give the same
rows. Every original is a file of its own on the disk, as long as the photo less its number in bytes.
"""

from __future__ import annotations

from playwright.sync_api import Page

_COPY = """
async (count) => {
  const db = await new Promise((resolve, reject) => {
    const opening = indexedDB.open('zhicha-field')
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error)
  })
  const all = (name) => new Promise((resolve, reject) => {
    const asking = db.transaction(name).objectStore(name).getAll()
    asking.onsuccess = () => resolve(asking.result)
    asking.onerror = () => reject(asking.error)
  })
  const [capture] = (await all('captures')).filter((row) => row.local !== null)
  const blobs = (await all('blobs')).filter((row) => row.capture_id === capture.id)
  const [operation] = (await all('outbox')).filter((row) => row.id === capture.id)
  const uploads = await all('uploads')
  const file = window.benchPhoto
  const bytes = (number) => file.slice(0, file.size - number, 'image/jpeg')
  const named = (number) => capture.id.slice(0, -6) + number.toString(16).padStart(6, '0')
  for (let number = 1; number < count; number += 1) {
    const id = named(number)
    const at = capture.captured_at + number * 1000
    const label = (row) => ({ ...row.label, at, seq: number + 1 })
    const key = (row) => `${id}:${row.role}`
    const tx = db.transaction(['captures', 'blobs', 'outbox', 'uploads'], 'readwrite')
    tx.objectStore('captures').put({
      ...capture, id, captured_at: at, local: { ...capture.local, seq: number + 1, bytes: file.size - number },
    })
    for (const row of blobs) {
      const blob = row.role === 'original' ? bytes(number) : row.blob
      tx.objectStore('blobs').put({ ...row, key: key(row), capture_id: id, blob })
    }
    const { n: _number, ...rest } = operation
    tx.objectStore('outbox').add({ ...rest, id, operation: { ...operation.operation, id }, label: label(operation) })
    for (const row of uploads) {
      const length = row.role === 'original' ? file.size - number : row.bytes
      tx.objectStore('uploads').put(
        { ...row, key: key(row), capture_id: id, n: at, bytes: length, label: label(row) })
    }
    await new Promise((resolve, reject) => {
      tx.oncomplete = resolve
      tx.onabort = () => reject(tx.error)
    })
  }
  db.close()
}
"""
_PENDING = """
async () => {
  const db = await new Promise((resolve) => {
    const opening = indexedDB.open('zhicha-field')
    opening.onsuccess = () => resolve(opening.result)
  })
  const rows = await new Promise((resolve) => {
    const asking = db.transaction('captures').objectStore('captures').getAll()
    asking.onsuccess = () => resolve(asking.result)
  })
  db.close()
  return rows.filter((row) => row.copies === 'pending').length
}
"""


def wait_for_copies(page: Page) -> None:
    """Until previews and thumbnails of all photos are made, so that the next measurement has the phone to itself."""
    for _ in range(200):
        if page.evaluate(_PENDING) == 0:
            return
        page.wait_for_timeout(50)
    raise TimeoutError("the copies of the photos were not made")


def fill(page: Page, photos: int) -> None:
    """Multiply the one photo that lies on the phone, unsent, until there are ``photos`` of them.

    ``window.benchPhoto`` must be its file, so that no bytes pass through the memory of the page.
    """
    wait_for_copies(page)
    page.evaluate(_COPY, photos)

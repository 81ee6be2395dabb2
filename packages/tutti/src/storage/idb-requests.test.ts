import { expect, test } from 'vitest'
import { completed, requestOf } from './idb-requests.ts'

/** A transaction of which nothing is heard, and its connection, as stubs. */
function silentTransaction() {
  const db = new EventTarget()
  const transaction = Object.assign(new EventTarget(), { db, error: null }) as unknown as IDBTransaction
  const request = Object.assign(new EventTarget(), { transaction, error: null }) as unknown as IDBRequest
  return { db, transaction, request }
}

test('R29 what a closed connection never answers fails: Chromium forgets transactions begun while it closes one', async () => {
  const { db, transaction, request } = silentTransaction()
  const ends = [completed(transaction), requestOf(request)]
  db.dispatchEvent(new Event('close'))
  const settled = await Promise.allSettled(ends)
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})

test('what ended before the connection closes stays ended', async () => {
  const { db, transaction } = silentTransaction()
  const end = completed(transaction)
  transaction.oncomplete?.(new Event('complete'))
  db.dispatchEvent(new Event('close'))
  await expect(end).resolves.toBeUndefined()
})

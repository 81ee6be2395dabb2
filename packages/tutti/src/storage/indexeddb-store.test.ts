import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { expect, test, vi } from 'vitest'
import { IndexedDbShelf } from './indexeddb-shelf.ts'
import { StoreGoneError } from './store.ts'

vi.stubGlobal('IDBKeyRange', IDBKeyRange)

const place = { user: 'u', database: 'd' }

/** A store whose connection the browser ends: it does so without a word of ours, and tells by an event. */
async function losesConnection() {
  const factory = new IDBFactory()
  let connection: IDBDatabase | undefined
  const shelf = new IndexedDbShelf(
    new Proxy(factory, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target)
        if (name !== 'open') return typeof value === 'function' ? (value.bind(target) as unknown) : value
        return (...args: Parameters<IDBFactory['open']>) => {
          const request = target.open(...args)
          request.addEventListener('success', () => {
            connection ??= request.result
          })
          return request
        }
      },
    }),
  )
  const store = await shelf.open(place)
  await store.fence('i', 1)
  return {
    factory,
    store,
    lose: () => {
      connection?.close()
      connection?.onclose?.(new Event('close'))
    },
  }
}

test('R17 R29 a connection that the browser ends is a failure of the storage, not the end of the database', async () => {
  const { store, lose } = await losesConnection()
  lose()
  expect(await store.verify()).toBe('present')
  store.main.write(new Uint8Array(10), 0)
  await expect(store.flush()).rejects.not.toBeInstanceOf(StoreGoneError)
})

test('R29 it is the end of the database where that is gone', async () => {
  const { factory, store, lose } = await losesConnection()
  lose()
  await new Promise((resolve) => {
    factory.deleteDatabase('tutti/u/d').onsuccess = resolve
  })
  expect(await store.verify()).toBe('gone')
  store.main.write(new Uint8Array(10), 0)
  await expect(store.flush()).rejects.toBeInstanceOf(StoreGoneError)
})

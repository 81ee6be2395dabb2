import { expect, it } from 'vitest'
import { createMemoryStore } from '../storage/memory-store.ts'
import { openPrimaryConnection } from '../storage/primary-connection.ts'
import { loadSqlite } from './load-sqlite.ts'
import { Prepared } from './prepared.ts'
import { StatementCache } from './statement-cache.ts'

const { connection } = openPrimaryConnection(await loadSqlite(), createMemoryStore())
const ordinary = { writes: false, definesSchema: false, alters: false, cacheable: true }

function prepare(sql: string, traits = ordinary): Prepared {
  return new Prepared(connection.prepare(sql), traits).use()
}

/** A finalized statement no longer answers. */
function alive(prepared: Prepared): boolean {
  return prepared.statement.columns.length === 1
}

it('drops the least recently used statement, when nobody uses it any more', () => {
  const cache = new StatementCache(2)
  const [a, b, c] = ['select 1', 'select 2', 'select 3'].map((sql) => {
    const prepared = prepare(sql)
    cache.put(sql, prepared)
    return prepared
  }) as [Prepared, Prepared, Prepared]
  expect(cache.size).toBe(2)
  expect(cache.get('select 1')).toBeUndefined()
  expect([a, b, c].map(alive)).toEqual([true, true, true])
  a.release()
  b.release()
  expect([a, b, c].map(alive)).toEqual([false, true, true])
  expect(cache.get('select 2')).toBe(b)
  cache.put('select 4', prepare('select 4'))
  expect(cache.get('select 3')).toBeUndefined()
  cache.clear()
  c.release()
  expect([b, c].map(alive)).toEqual([false, false])
})

it('does not take what may not be kept', () => {
  const cache = new StatementCache()
  const prepared = prepare('select 5', { ...ordinary, cacheable: false })
  cache.put('select 5', prepared)
  expect(cache.size).toBe(0)
  prepared.release()
  expect(alive(prepared)).toBe(false)
})

it('gives the latest again, unless it was dropped meanwhile', () => {
  const cache = new StatementCache()
  const [a, b] = ['select 6', 'select 7'].map((sql) => prepare(sql)) as [Prepared, Prepared]
  cache.put('select 6', a)
  expect([cache.get('select 6'), cache.get('select 6')]).toEqual([a, a])
  cache.put('select 7', b)
  expect([cache.get('select 7'), cache.get('select 6'), cache.get('select 7')]).toEqual([b, a, b])
  cache.clear()
  expect(cache.get('select 7')).toBeUndefined()
})

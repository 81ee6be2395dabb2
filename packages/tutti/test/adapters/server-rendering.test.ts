import { renderToString, renderToStringAsync } from 'solid-js/web'
import { describe, expect, it } from 'vitest'
import { createLiveQuery } from '../../src/adapters/solid.ts'
import type { Database } from '../../src/index.ts'

const SQL = 'select title from tune'

describe('P1.2 rendered on a server, where there is no database,', () => {
  it('tutti/solid is loading, and does not hold up what streams', async () => {
    const list = () => {
      const rows = createLiveQuery<{ title: string }>(() => undefined as Database | undefined, SQL)
      return JSON.stringify([
        rows.loading,
        rows() ?? 'no rows',
        rows.latest ?? 'none',
        rows.error ?? 'no error',
      ])
    }
    const expected = '[true,"no rows","none","no error"]'
    expect(renderToString(list)).toBe(expected)
    expect(await renderToStringAsync(list)).toBe(expected)
  })
})

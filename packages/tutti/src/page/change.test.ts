import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ParameterError } from '../errors/errors.ts'
import type { Change } from '../protocol/change.ts'
import type { Database } from './database.ts'
import { FakePage } from './testing/fake-page.ts'

let page: FakePage
let db: Database

beforeEach(async () => {
  page = new FakePage()
  db = await page.open({ user: 'u' })
})

afterEach(() => page.member.page.terminate())

/** Sends a change and waits until it was heard. */
async function commit(change: Partial<Change>): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = db.onChange(() => {
      stop()
      resolve()
    })
    page.member.send({ type: 'change', change: { ...tune, ...change } })
  })
}

const tune: Change = {
  version: 8,
  tables: ['tune', 'tag'],
  all: false,
  rowids: { tune: [1, 2n ** 60n], tag: null },
  columns: { tune: ['title'], tag: null },
  origin: 'tab',
}

describe('onChange', () => {
  it('P1.4 tells each commit: tables, rows, columns, version, origin, cause', async () => {
    const heard: Change[] = []
    db.onChange((change) => heard.push(change))
    await commit({ origin: 'self', cause: 'sync' })
    expect(heard).toEqual([{ ...tune, origin: 'self', cause: 'sync' }])
    expect(db.version).toBe(8)
  })

  it('only commits that touch one of the tables, whatever its case, or everything', async () => {
    const heard: number[] = []
    db.onChange(({ version }) => heard.push(version), { tables: ['TAG', 'other'] })
    await commit({})
    await commit({ version: 9, tables: ['playlist'] })
    await commit({ version: 10, all: true, tables: [] })
    expect(heard).toEqual([8, 10])
  })

  it('the function that it returns stops it, also in the midst of a change', async () => {
    const heard: string[] = []
    const stop = db.onChange(() => {
      heard.push('first')
      stop()
      stopSecond()
    })
    const stopSecond = db.onChange(() => heard.push('second'))
    await commit({})
    await commit({ version: 9 })
    expect(heard).toEqual(['first'])
  })

  it('a listener that throws is reported, and does not stop the others', async () => {
    const error = new Error('bug in the app')
    db.onChange(() => {
      throw error
    })
    await commit({})
    expect(page.reported).toEqual([error])
  })

  it('refuses what it cannot use', () => {
    expect(() => db.onChange('x' as unknown as () => void)).toThrow(ParameterError)
    expect(() => db.onChange(() => undefined, { tables: 'tune' as unknown as string[] })).toThrow("'tables'")
  })
})

describe('on', () => {
  it.each(['status', 'outdated'] as const)('tells %s, until it is stopped', async (event) => {
    let calls = 0
    const heard = new Promise<void>((resolve) => {
      const stop = db.on(event, () => {
        calls++
        stop()
      })
      db.on(event, resolve)
    })
    page.member.send({ type: 'event', event })
    page.member.send({ type: 'event', event })
    await heard
    expect(calls).toBe(1)
  })

  it('refuses an event that does not exist', () => {
    expect(() => db.on('close' as 'status', () => undefined)).toThrow("no event 'close'")
    expect(() => db.on('status', 1 as unknown as () => void)).toThrow(ParameterError)
  })
})

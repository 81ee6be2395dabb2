import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DatabaseDeletedError, StorageFailedError, WorkerFailedError } from '../errors/errors.ts'
import { serializeError } from '../errors/wire.ts'
import type { Change } from '../protocol/change.ts'
import type { Database } from './database.ts'
import { answering, FakePage, is, result } from './testing/fake-page.ts'

let page: FakePage
let db: Database

beforeEach(async () => {
  page = new FakePage()
  db = await page.open({ user: 'u' })
})

afterEach(() => {
  for (const member of page.members) member.page.terminate()
})

async function startPrimary(n: number): Promise<void> {
  page.member.send({ type: 'start-primary', n })
  await page.member.message(is('primary-started'), page.primaries.length + 1)
}

describe('the primary worker of this tab', () => {
  it('is started where its member asks, with the wasm and a port to it', async () => {
    await startPrimary(1)
    const started = await page.member.message(is('primary-started'))
    const setup = await page.primaries[0]?.message()
    expect(setup?.wasm).toBeInstanceOf(WebAssembly.Module)
    const heard = new Promise((resolve) => {
      if (setup !== undefined) setup.port.onmessage = ({ data }) => resolve(data)
    })
    started.port.postMessage('hello')
    expect(await heard).toBe('hello')
    setup?.port.close()
  })

  it.each(['suspended'] as const)('R7: is terminated at once when the page is %s', async (state) => {
    await startPrimary(1)
    page.live(state)
    expect(page.primaries[0]?.terminated).toBe(true)
    await page.member.message(is('primary-ended'))
    expect(page.member.received.slice(-2)).toEqual([
      { type: 'lifecycle', state: 'suspended' },
      { type: 'primary-ended', n: 1, reason: 'the tab is suspended' },
    ])
  })

  it('R7: is not started in a suspended page, and again when it is resumed', async () => {
    page.live('suspended')
    page.member.send({ type: 'start-primary', n: 1 })
    expect(await page.member.message(is('primary-ended'))).toMatchObject({ n: 1 })
    expect(page.primaries).toHaveLength(0)
    page.live('resumed')
    await startPrimary(2)
    expect(page.primaries).toHaveLength(1)
  })

  it('R23: is terminated where its member asks, and only the one that is meant', async () => {
    await startPrimary(1)
    await startPrimary(2)
    expect(page.primaries.map(({ terminated }) => terminated)).toEqual([true, false])
    page.member.send({ type: 'terminate-primary', n: 1 })
    page.member.send({ type: 'terminate-primary', n: 2 })
    expect(await page.member.message(is('primary-ended'), 2)).toMatchObject({ n: 2 })
    expect(page.primaries[1]?.terminated).toBe(true)
    expect(page.member.received.filter(is('primary-ended')).map(({ n }) => n)).toEqual([1, 2])
  })

  it('that fails is told to the member', async () => {
    await startPrimary(1)
    page.primaries[0]?.crash('out of memory')
    expect(await page.member.message(is('primary-ended'))).toEqual({
      type: 'primary-ended',
      n: 1,
      reason: 'out of memory',
    })
    expect(page.primaries[0]?.terminated).toBe(true)
  })
})

describe('the page’s life', () => {
  it('is told, with the title where it changed', async () => {
    page.live('hidden')
    page.life.title = 'Catalog'
    page.live('visible')
    page.live('visible')
    await page.member.message(is('lifecycle'), 3)
    expect(page.member.received.slice(1)).toEqual([
      { type: 'lifecycle', state: 'hidden' },
      { type: 'lifecycle', state: 'visible' },
      { type: 'title', url: page.life.url, title: 'Catalog' },
      { type: 'lifecycle', state: 'visible' },
    ])
  })

  it('R7: a member that starts in a page that is suspended meanwhile is told so', async () => {
    const opened = page.open({ user: 'v' })
    page.live('suspended')
    await opened
    await page.member.message(is('lifecycle'))
    expect(page.member.received.map(({ type }) => type)).toEqual(['init', 'lifecycle'])
  })
})

describe('a member worker that dies', () => {
  it('P4: ends what waits, each with its outcome', async () => {
    const write = db.run('insert …', [], { id: 'mine' })
    const read = db.values('select …', [], { readonly: true })
    await page.member.message(is('call'), 2)
    page.member.crash('Uncaught RangeError')
    await expect(write).rejects.toThrow(WorkerFailedError)
    await expect(write).rejects.toMatchObject({ outcome: 'unknown', requestId: 'mine' })
    const refused: unknown = await read.catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'WORKER_FAILED' })
    expect(refused).not.toHaveProperty('outcome')
  })

  it('takes its primary along, and the next call finds a new member', async () => {
    await startPrimary(1)
    page.member.crash('Uncaught RangeError')
    expect(page.primaries[0]?.terminated).toBe(true)
    page.script = answering(({ n }, member) =>
      member.send({ type: 'answer', n, results: [result({ changes: 1 })], version: 8 }),
    )
    const bytes = Uint8Array.of(1)
    const first = db.run('first', [bytes])
    bytes[0] = 2
    const second = db.run('second')
    expect(await Promise.all([first, second])).toMatchObject([{ changes: 1 }, { changes: 1 }])
    expect(page.members).toHaveLength(2)
    expect(page.member.received.map(({ type }) => type)).toEqual(['init', 'call', 'call'])
    expect(page.member.received.filter(is('call'))[0]?.call).toMatchObject({
      sql: 'first',
      params: [Uint8Array.of(1)],
    })
    expect(page.compiled).toBe(2)
  })

  it('after a long life is replaced without a call, and listeners learn what they may have missed', async () => {
    const changed = new Promise<Change>((resolve) => db.onChange(resolve, { tables: ['tune'] }))
    page.script = (message, member) => {
      if (message.type === 'init')
        member.send({ type: 'ready', member: 'n', incarnation: 'i-1', storage: 'opfs', version: 9 })
    }
    page.clock.advance(10_000)
    page.member.crash('Uncaught RangeError')
    expect(await changed).toEqual({
      version: 9,
      tables: [],
      all: true,
      rowids: {},
      columns: {},
      origin: 'tab',
    })
    expect(db.version).toBe(9)
  })

  it('P4: and whose successor cannot start either, ends each call, and goes on trying', async () => {
    page.script = (message, member) => {
      if (message.type === 'init') member.crash('no such file')
    }
    page.member.crash('Uncaught RangeError')
    await expect(db.run('insert …')).rejects.toThrow(WorkerFailedError)
    await expect(db.run('insert …')).rejects.toThrow('no such file')
    expect(page.members).toHaveLength(3)
    page.script = answering(({ n }, member) => member.send({ type: 'answer', n, results: [], version: 8 }))
    await db.run('insert …')
  })

  it('that says why itself: its error, with each call’s outcome', async () => {
    const write = db.exec('insert …')
    await page.member.message(is('call'))
    page.member.send({ type: 'failed', error: serializeError(new StorageFailedError('the disk is gone')) })
    await expect(write).rejects.toThrow(StorageFailedError)
    await expect(write).rejects.toMatchObject({ outcome: 'unknown' })
  })

  it('because the database was deleted, has no successor', async () => {
    const write = db.exec('insert …')
    await page.member.message(is('call'))
    page.member.send({ type: 'failed', error: serializeError(new DatabaseDeletedError('deleted')) })
    await expect(write).rejects.toThrow(DatabaseDeletedError)
    await expect(db.all('select 1')).rejects.toThrow(DatabaseDeletedError)
    expect(page.members).toHaveLength(1)
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DatabaseClosedError, ParameterError, SqlError, StatementRefusedError } from '../errors/errors.ts'
import { serializeError } from '../errors/wire.ts'
import type { StatementResult } from '../protocol/values.ts'
import type { Database } from './database.ts'
import { answering, FakePage, is, result } from './testing/fake-page.ts'

let page: FakePage
let db: Database

beforeEach(async () => {
  page = new FakePage()
  db = await page.open({ user: 'u' })
})

afterEach(() => page.member.page.terminate())

/** What the member answers to the next call. */
function answer(...results: Partial<StatementResult>[]): void {
  page.script = answering(({ n }, member) =>
    member.send({ type: 'answer', n, results: results.map((part) => result(part)), version: 9 }),
  )
}

describe('the calls', () => {
  const rows = { columns: ['id', 'title', 'id'], rows: [[1, 'The Kesh', 2]] }

  it('all: rows as objects', async () => {
    answer(rows)
    expect(await db.all('select …', [1])).toEqual([{ id: 2, title: 'The Kesh' }])
    expect((await page.member.message(is('call'))).call).toEqual({
      op: 'statement',
      sql: 'select …',
      params: [1],
      rows: 'all',
    })
  })

  it('get: the first row or undefined, and only one is asked for', async () => {
    answer(rows)
    expect(await db.get('select …')).toEqual({ id: 2, title: 'The Kesh' })
    expect((await page.member.message(is('call'))).call).toEqual({
      op: 'statement',
      sql: 'select …',
      rows: 'first',
    })
    answer({ columns: ['id'] })
    expect(await db.get('select …')).toBeUndefined()
  })

  it('values: arrays that keep every column', async () => {
    answer(rows)
    expect(await db.values('select …')).toEqual([[1, 'The Kesh', 2]])
  })

  it('query: columns also without rows', async () => {
    answer({ columns: ['a', 'b'] })
    const query = await db.query('select …', [], { readonly: true })
    expect(query).toEqual({ columns: ['a', 'b'], rows: [], changes: 0, lastInsertRowid: 0, version: 9 })
    expect((await page.member.message(is('call'))).call).toMatchObject({ readonly: true, params: [] })
  })

  it('run: counters and the version, which the handle has then seen', async () => {
    answer({ changes: 3, lastInsertRowid: 2n ** 60n })
    expect(await db.run('update …')).toEqual({ changes: 3, lastInsertRowid: 2n ** 60n, version: 9 })
    expect(db.version).toBe(9)
    expect((await page.member.message(is('call'))).call).toMatchObject({ rows: 'none' })
  })

  it('SQL without a statement has no rows and changes nothing', async () => {
    answer()
    expect(await db.all('-- nothing')).toEqual([])
    expect(await db.run('')).toEqual({ changes: 0, lastInsertRowid: 0, version: 9 })
  })

  it('exec: a script', async () => {
    answer()
    expect(await db.exec('create …; create …')).toBeUndefined()
    expect((await page.member.message(is('call'))).call).toEqual({ op: 'script', sql: 'create …; create …' })
  })

  it('batch: one message, and a result for each statement', async () => {
    answer(rows, { changes: 1, lastInsertRowid: 5 })
    expect(await db.batch([{ sql: 'select …' }, { sql: 'insert …', params: { $id: 5 } }])).toEqual([
      { rows: [{ id: 2, title: 'The Kesh' }], changes: 0, lastInsertRowid: 0 },
      { rows: [], changes: 1, lastInsertRowid: 5 },
    ])
    expect((await page.member.message(is('call'))).call).toEqual({
      op: 'batch',
      statements: [{ sql: 'select …' }, { sql: 'insert …', params: { $id: 5 } }],
    })
  })

  it('sql: what is interpolated is a parameter', async () => {
    answer(rows)
    await db.sql`select * from t where a = ${1} and b in (${'x'}, ${null})`
    expect((await page.member.message(is('call'))).call).toMatchObject({
      sql: 'select * from t where a = ?  and b in (? , ? )',
      params: [1, 'x', null],
    })
  })

  it('are sent in the order they were made, with the options that they have', async () => {
    answer()
    await Promise.all([
      db.run('1', [], { id: 'mine', timeout: 50 }),
      db.exec('2'),
      db.all('3'),
      db.flush(),
      db.import(Uint8Array.of(1)),
    ])
    const calls = page.member.received.filter(is('call'))
    expect(calls.map(({ call }) => ('sql' in call ? call.sql : call.op))).toEqual([
      '1',
      '2',
      '3',
      'flush',
      'import',
    ])
    expect(calls[0]).toMatchObject({ id: 'mine', timeout: 50, handle: 1 })
    expect(calls[1]).not.toHaveProperty('id')
    expect(calls[1]).not.toHaveProperty('cancelUrl')
  })

  it('reject with the error of the member, as its own class', async () => {
    page.script = answering(({ n }, member) => {
      const error = serializeError(
        new SqlError('no such table: t', { resultCode: 1, outcome: 'not-applied' }),
      )
      member.send({ type: 'answer', n, results: [], version: 0, error })
    })
    const failed = db.run('insert into t values (1)')
    await expect(failed).rejects.toThrow(SqlError)
    await expect(failed).rejects.toMatchObject({ resultCode: 1, outcome: 'not-applied' })
    expect(db.version).toBe(7)
  })

  it.each([
    ['a parameter', () => db.run('insert into t values (?)', [undefined as unknown as null]), 'number 1'],
    ['an option', () => db.run('select 1', [], { retries: 3 } as object), "no option 'retries'"],
    ['a timeout', () => db.all('select 1', [], { timeout: -1 }), "'timeout'"],
    ['an id', () => db.run('select 1', [], { id: '' }), "'id'"],
    ['a signal', () => db.run('select 1', [], { signal: {} as AbortSignal }), "'signal'"],
    [
      'readonly for a script',
      () => db.exec('select 1', { readonly: true } as object),
      "no option 'readonly'",
    ],
    ['SQL', () => db.all(7 as unknown as string), 'must be a string'],
    ['a batch', () => db.batch([{ sql: 'x', params: [{} as unknown as null] }]), 'number 1'],
    ['an import', () => db.import('file' as unknown as Blob), 'import() takes'],
  ])('refuse %s that cannot be used, and send nothing', async (_what, call, message) => {
    const refused = call()
    await expect(refused).rejects.toThrow(ParameterError)
    await expect(refused).rejects.toThrow(message)
    expect(page.member.received.filter(is('call'))).toEqual([])
  })

  it('a refused statement is told as it is', async () => {
    page.script = answering(({ n }, member) => {
      const error = serializeError(new StatementRefusedError('it writes'))
      member.send({ type: 'answer', n, results: [], version: 0, error })
    })
    await expect(db.query('delete from t', [], { readonly: true })).rejects.toThrow(StatementRefusedError)
  })
})

describe('import', () => {
  it('sends a copy of the bytes, and leaves the caller its own', async () => {
    answer()
    const bytes = Uint8Array.of(1, 2, 3)
    await db.import(bytes, { id: 'i' })
    expect(bytes).toEqual(Uint8Array.of(1, 2, 3))
    const { call, id } = await page.member.message(is('call'))
    expect([call, id]).toEqual([{ op: 'import', bytes }, 'i'])
  })

  it('reads a Blob and a stream, and later calls keep their place behind it', async () => {
    answer()
    const imported = db.import(new Blob(['abc']))
    const second = db.import(new Blob(['def']).stream())
    await Promise.all([imported, second, db.run('after')])
    const ops = page.member.received.filter(is('call')).map(({ call }) => call)
    expect(ops).toMatchObject([
      { op: 'import', bytes: new TextEncoder().encode('abc') },
      { op: 'import', bytes: new TextEncoder().encode('def') },
      { op: 'statement', sql: 'after' },
    ])
  })

  it('P4: a stream that fails ends the import with its error, and later calls go on', async () => {
    answer()
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => controller.error(new Error('offline')),
    })
    const imported = db.import(broken)
    const after = db.run('after')
    await expect(imported).rejects.toThrow('offline')
    await after
  })

  it('P4: a stream that fails before its turn ends its own import alone, and in its turn', async () => {
    answer()
    let first: ReadableStreamDefaultController<Uint8Array> | undefined
    const imported = db.import(new ReadableStream<Uint8Array>({ start: (given) => void (first = given) }))
    const broken = db.import(new ReadableStream({ start: (given) => given.error(new Error('offline')) }))
    const after = db.run('after')
    // Long enough for what nobody handles to be reported.
    await new Promise((resolve) => setImmediate(resolve))
    first?.close()
    await expect(broken).rejects.toThrow('offline')
    await Promise.all([imported, after])
    const ops = page.member.received.filter(is('call')).map(({ call }) => call.op)
    expect(ops).toEqual(['import', 'statement'])
  })

  it('P4: a stream that never ends holds later calls no longer than its own bound', async () => {
    answer()
    const imported = db.import(new ReadableStream<Uint8Array>(), { timeout: 1000 })
    const after = db.run('after')
    page.clock.advance(6000)
    await expect(imported).rejects.toMatchObject({ code: 'CALL_TIMEOUT' })
    await after
  })
})

describe('a call that waits behind an import', () => {
  it('P4: and has ended meanwhile is never sent', async () => {
    answer()
    const controller = new AbortController()
    let source: ReadableStreamDefaultController<Uint8Array> | undefined
    const imported = db.import(new ReadableStream<Uint8Array>({ start: (given) => void (source = given) }))
    const aborted = db.run('aborted', [], { signal: controller.signal })
    const after = db.run('after')
    controller.abort()
    page.clock.advance(1000)
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' })
    source?.close()
    await Promise.all([imported, after])
    const calls = page.member.received
      .filter(is('call'))
      .map(({ call }) => ('sql' in call ? call.sql : call.op))
    expect(calls).toEqual(['import', 'after'])
  })
})

describe('import', () => {
  it('R2.2: what is small goes as bytes, what is not as a Blob, from wherever it comes', async () => {
    answer()
    const large = () => new Uint8Array(1024 * 1024 + 1).fill(7)
    const streamOf = (bytes: Uint8Array) => new Blob([bytes.slice()]).stream()
    const sources = [
      Uint8Array.of(1),
      new Blob(['x']),
      streamOf(Uint8Array.of(1)),
      large(),
      new Blob([large()]),
    ]
    for (const source of [...sources, streamOf(large())]) await db.import(source)
    const calls = page.member.received.filter(is('call')).map(({ call }) => call)
    expect(calls.map(({ op }) => op)).toEqual([
      ...Array.from({ length: 3 }, () => 'import'),
      ...Array.from({ length: 3 }, () => 'import-file'),
    ])
    for (const call of calls) {
      if (call.op !== 'import-file') continue
      expect(Buffer.compare(await call.file.bytes(), large())).toBe(0)
    }
  })
})

describe('export and status', () => {
  it('export: a Blob of a SQLite file', async () => {
    page.script = (message, member) => {
      if (message.type === 'export')
        member.send({
          type: 'exported',
          n: message.n,
          file: new Blob(['SQ'], { type: 'application/vnd.sqlite3' }),
        })
    }
    const blob = await db.export()
    expect([blob.type, await blob.text()]).toEqual(['application/vnd.sqlite3', 'SQ'])
  })

  it('status: what the member knows, with fresh estimates, after the present title was told', async () => {
    const status = { tab: 'm', role: 'primary', storage: 'indexeddb' }
    page.script = (message, member) => {
      if (message.type === 'status') member.send({ type: 'status', n: message.n, status: status as never })
    }
    page.life.title = 'Catalog'
    expect(await db.status()).toEqual({ ...status, persisted: false, usage: undefined, quota: undefined })
    await db.status()
    expect(page.member.received.filter(is('title'))).toEqual([{ type: 'title', ...titleNow() }])
    expect(page.member.received.findIndex(is('title'))).toBeLessThan(
      page.member.received.findIndex(is('status')),
    )
  })

  it('reject with the member’s error', async () => {
    page.script = (message, member) => {
      const error = serializeError(new SqlError('no'))
      if (message.type === 'status') member.send({ type: 'status', n: message.n, error })
      if (message.type === 'export') member.send({ type: 'exported', n: message.n, error })
    }
    await expect(db.status()).rejects.toThrow(SqlError)
    await expect(db.export()).rejects.toThrow(SqlError)
  })
})

function titleNow(): { url: string; title: string } {
  return { url: page.life.url, title: page.life.title }
}

describe('close', () => {
  it('P4: earlier calls end first, later ones reject', async () => {
    const earlier = db.run('earlier')
    const { n } = await page.member.message(is('call'))
    const closed = db.close()
    await expect(db.run('later')).rejects.toThrow(DatabaseClosedError)
    await expect(db.run('later')).rejects.toMatchObject({ outcome: 'not-applied' })
    page.member.send({ type: 'answer', n, results: [result({ changes: 1 })], version: 8 })
    expect(await earlier).toMatchObject({ changes: 1 })
    await closed
  })

  it('P4: a call that does not end is cancelled, and its outcome told', async () => {
    const write = db.run('insert …')
    const read = db.all('select …', [], { readonly: true })
    await page.member.message(is('call'), 2)
    const closed = db.close()
    page.clock.advance(2000)
    await expect(write).rejects.toMatchObject({ code: 'DATABASE_CLOSED', outcome: 'unknown' })
    const refused: unknown = await read.catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'DATABASE_CLOSED' })
    expect(refused).not.toHaveProperty('outcome')
    await closed
    expect(page.member.received.filter(is('cancel'))).toHaveLength(2)
  })

  it('the other handle’s calls and listeners go on', async () => {
    const other = await page.open({ user: 'u' })
    const pending = other.run('insert …')
    await page.member.message(is('call'))
    const heard: number[] = []
    db.onChange(({ version }) => heard.push(version))
    const changed = new Promise<void>((resolve) => other.onChange(() => resolve()))
    await db.close()
    page.member.send({
      type: 'change',
      change: { version: 8, tables: [], all: false, rowids: {}, columns: {}, origin: 'tab' },
    })
    await changed
    expect(heard).toEqual([])
    page.member.send({ type: 'answer', n: 1, results: [result()], version: 8 })
    await pending
    expect((await page.member.message(is('call'))).handle).toBe(2)
  })
})

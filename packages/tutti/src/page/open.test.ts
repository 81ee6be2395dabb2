import { afterEach, describe, expect, it } from 'vitest'
import {
  DatabaseDeletedError,
  MigrationFailedError,
  OptionsMismatchError,
  ParameterError,
  WorkerFailedError,
} from '../errors/errors.ts'
import { serializeError } from '../errors/wire.ts'
import { answering, FakePage, is, result } from './testing/fake-page.ts'

let page: FakePage

afterEach(() => {
  for (const member of page.members) member.page.terminate()
})

describe('open', () => {
  it('gives the member its options and the wasm, and resolves when it is ready', async () => {
    page = new FakePage()
    const db = await page.open({ user: 'u', name: 'practice', storage: ['indexeddb'] })
    const { options, wasm } = await page.member.message(is('init'))
    expect(wasm).toBeInstanceOf(WebAssembly.Module)
    expect(options).toMatchObject({ user: 'u', name: 'practice', storage: ['indexeddb'], ...page.life })
    expect(options).not.toHaveProperty('persist')
    expect([db.user, db.name, db.version, db.storage.kind]).toEqual(['u', 'practice', 7, 'opfs'])
  })

  it('P4: rejects with the typed error of the member, and starts anew when asked again', async () => {
    page = new FakePage((message, member) => {
      if (message.type !== 'init') return
      member.send({ type: 'failed', error: serializeError(new MigrationFailedError('migration 2')) })
    })
    await expect(page.open({ user: 'u' })).rejects.toThrow(MigrationFailedError)
    expect(page.member.terminated).toBe(true)
    page.script = answering()
    await page.open({ user: 'u' })
    expect(page.members).toHaveLength(2)
  })

  it('rejects an option that cannot be used without starting anything', async () => {
    page = new FakePage()
    await expect(page.open({ user: '' })).rejects.toThrow(ParameterError)
    expect(page.members).toHaveLength(0)
  })

  it('P4: a worker that cannot start ends open() with WorkerFailedError', async () => {
    page = new FakePage((message, member) => {
      if (message.type === 'init') member.crash('no such file')
    })
    const opened = page.open({ user: 'u' })
    await expect(opened).rejects.toThrow(WorkerFailedError)
    await expect(opened).rejects.toThrow('no such file')
  })

  it('P4: a worker that never becomes ready ends open()', async () => {
    page = new FakePage(() => undefined)
    const opened = page.open({ user: 'u' })
    await page.member.message(is('init'))
    page.clock.advance(90_000)
    await expect(opened).rejects.toThrow(WorkerFailedError)
    expect(page.lifeListeners).toBe(0)
  })

  it('does not wait for the persistence prompt, and tells its answer', async () => {
    page = new FakePage()
    let allow: (allowed: boolean) => void = () => undefined
    page.storage = {
      persist: () => new Promise((resolve) => (allow = resolve)),
      persisted: () => Promise.resolve(true),
      estimate: () => Promise.resolve({ usage: 10, quota: 1000 }),
    }
    const db = await page.open({ user: 'u' })
    expect(db.storage).toEqual({ kind: 'opfs', persisted: false, usage: undefined, quota: undefined })
    const told = new Promise<void>((resolve) =>
      db.on('storage', () => db.storage.quota !== undefined && resolve()),
    )
    allow(true)
    await told
    expect(db.storage).toEqual({ kind: 'opfs', persisted: true, usage: 10, quota: 1000 })
  })

  it('persist: false asks the user nothing', async () => {
    page = new FakePage()
    page.storage = {
      persist: () => Promise.reject(new Error('asked')),
      persisted: () => Promise.resolve(true),
    }
    const db = await page.open({ user: 'u', persist: false })
    expect(db.storage.persisted).toBe(true)
  })
})

describe('a second open in one page', () => {
  it('shares the member, also while the first still opens', async () => {
    page = new FakePage()
    const [one, other] = await Promise.all([
      page.open({ user: 'u' }),
      page.open({ user: 'u', name: 'default' }),
    ])
    expect(one).not.toBe(other)
    expect(page.members).toHaveLength(1)
  })

  it('P8: another user or name has a member of its own', async () => {
    page = new FakePage()
    await Promise.all([
      page.open({ user: 'u' }),
      page.open({ user: 'v' }),
      page.open({ user: 'u', name: 'n' }),
    ])
    expect(page.members).toHaveLength(3)
  })

  it('with other options is refused, naming them', async () => {
    page = new FakePage()
    await page.open({ user: 'u' })
    const other = page.open({ user: 'u', durability: 'relaxed', stale: 'allow' })
    await expect(other).rejects.toThrow(OptionsMismatchError)
    await expect(other).rejects.toThrow('durability, stale')
  })

  it('the member leaves, and its workers end, with the last close', async () => {
    page = new FakePage()
    const one = await page.open({ user: 'u' })
    const other = await page.open({ user: 'u' })
    page.member.send({ type: 'start-primary', n: 1 })
    await page.member.message(is('primary-started'))
    await one.close()
    expect(page.member.terminated).toBe(false)
    await Promise.all([other.close(), other.close()])
    expect(page.member.received.filter(is('leave'))).toHaveLength(1)
    expect([page.member.terminated, page.primaries[0]?.terminated]).toEqual([true, true])
    expect([page.lifeListeners, page.clock.pending]).toEqual([0, 0])
    await page.open({ user: 'u', durability: 'relaxed' })
    expect(page.members).toHaveLength(2)
  })

  it('P4: a member that does not leave is terminated', async () => {
    page = new FakePage((message, member) => {
      if (message.type !== 'leave') answering()(message, member)
    })
    const db = await page.open({ user: 'u' })
    const closed = db.close()
    await page.member.message(is('leave'))
    page.clock.advance(2000)
    await closed
    expect(page.member.terminated).toBe(true)
  })
})

describe('a deleted database', () => {
  it('P8: every handle hears it, later calls end typed, and a new open starts anew', async () => {
    page = new FakePage()
    const one = await page.open({ user: 'u' })
    const other = await page.open({ user: 'u' })
    const heard = Promise.all(
      [one, other].map((db) => new Promise<void>((resolve) => db.on('deleted', resolve))),
    )
    page.member.send({ type: 'event', event: 'deleted' })
    await heard
    await expect(one.run('insert into t values (1)')).rejects.toThrow(DatabaseDeletedError)
    await expect(other.all('select 1')).rejects.toMatchObject({ outcome: 'not-applied' })
    await page.members[0]?.message(is('leave'))
    await page.open({ user: 'u' })
    expect(page.members).toHaveLength(2)
  })

  it('P8: destroy() ends its own handle too, once', async () => {
    page = new FakePage(
      answering(({ n, call }, member) => {
        expect(call.op).toBe('destroy')
        member.send({ type: 'event', event: 'deleted' })
        member.send({ type: 'answer', n, results: [result()], version: 8 })
      }),
    )
    const db = await page.open({ user: 'u' })
    let heard = 0
    db.on('deleted', () => heard++)
    await db.destroy()
    expect(heard).toBe(1)
    await expect(db.all('select 1')).rejects.toThrow(DatabaseDeletedError)
  })
})

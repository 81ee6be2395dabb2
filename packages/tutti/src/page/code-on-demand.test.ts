import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDeferred } from './deferred.ts'
import type { CodeOnDemand } from './page-environment.ts'
import { FakePage } from './testing/fake-page.ts'

let page: FakePage

beforeEach(() => {
  page = new FakePage()
})

afterEach(() => {
  for (const member of page.members) member.page.terminate()
})

/** Lets the page load one thing when the test says so. */
function slowly(name: keyof CodeOnDemand): { readonly asked: number; go(): void } {
  const gate = createDeferred<void>()
  const { [name]: load } = page.code
  const slow = {
    asked: 0,
    go: () => gate.resolve(),
  }
  page.code = {
    ...page.code,
    [name]: async () => {
      slow.asked++
      await gate.promise
      return await load()
    },
  }
  return slow
}

/** What a page without its files says, until it has them. */
function withoutFiles(): () => void {
  const { code } = page
  const fail = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'))
  page.code = { exclusive: fail, import: fail, syncReads: fail, recovery: fail }
  return () => void (page.code = code)
}

describe('P4.2 runExclusive(), whose code is loaded with the first call', () => {
  it('is loaded once for all calls, and not before', async () => {
    const slow = slowly('exclusive')
    const db = await page.open({ user: 'u' })
    expect(slow.asked).toBe(0)
    const calls = ['a', 'b'].map((name) => db.runExclusive(name, () => name))
    slow.go()
    expect(await Promise.all(calls)).toEqual(['a', 'b'])
    expect(await db.runExclusive('c', () => 'c')).toBe('c')
    expect(slow.asked).toBe(1)
  })

  it('P4 ends at once with its signal or its handle, though it is not loaded, and runs nothing then', async () => {
    const slow = slowly('exclusive')
    const [one, other] = [await page.open({ user: 'u' }), await page.open({ user: 'u' })]
    const controller = new AbortController()
    let ran = 0
    const run = () => void ran++
    const aborted = one.runExclusive('a', run, { signal: controller.signal })
    const closed = one.runExclusive('a', run)
    const goesOn = other.runExclusive('a', () => 'other')
    controller.abort('enough')
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' })
    await one.close()
    await expect(closed).rejects.toMatchObject({ code: 'DATABASE_CLOSED' })
    slow.go()
    expect([await goesOn, ran]).toEqual(['other', 0])
  })

  it('P4 is bounded where it never loads', async () => {
    slowly('exclusive')
    const db = await page.open({ user: 'u' })
    const call = db.runExclusive('a', () => 1).catch((error: unknown) => error)
    page.clock.advance(90_000)
    expect(await call).toMatchObject({
      code: 'WORKER_FAILED',
      message: expect.stringContaining('within 90 s'),
    })
  })
})

describe('P4.1 code that cannot be loaded', () => {
  it('is a typed error of the call that needed it, and the next call tries again', async () => {
    const found = withoutFiles()
    const db = await page.open({ user: 'u' })
    const missing = { code: 'WORKER_FAILED', message: expect.stringContaining('is still served') }
    await expect(db.runExclusive('a', () => 1)).rejects.toMatchObject(missing)
    await expect(db.import(new Uint8Array(1))).rejects.toMatchObject(missing)
    await expect(page.recover({ user: 'u' })).rejects.toMatchObject(missing)
    found()
    expect(await db.runExclusive('a', () => 1)).toBe(1)
  })

  it('P1.6 keeps nobody from opening again, where syncReads needed it', async () => {
    const found = withoutFiles()
    page.reader = () =>
      Promise.resolve({
        version: 7,
        update: () => undefined,
        read: () => ({ kind: 'rows', results: [], version: 7 }),
        close: () => undefined,
      })
    const options = { user: 'u', syncReads: true }
    await expect(page.open(options)).rejects.toMatchObject({ code: 'WORKER_FAILED' })
    found()
    const db = await page.open(options)
    expect([db.sync.version, db.sync.all('select 1 where 0')]).toEqual([7, []])
  })
})

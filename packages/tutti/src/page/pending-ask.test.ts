import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AbortedError, CallTimeoutError } from '../errors/errors.ts'
import { serializeError } from '../errors/wire.ts'
import type { Database } from './database.ts'
import { FakePage, is, result } from './testing/fake-page.ts'

let page: FakePage
let db: Database
let controller: AbortController

beforeEach(async () => {
  page = new FakePage()
  db = await page.open({ user: 'u' })
  controller = new AbortController()
})

afterEach(async () => {
  await db.close()
  expect(page.clock.pending).toBe(0)
})

describe('signal', () => {
  it('already aborted: nothing is sent, and nothing was applied', async () => {
    controller.abort('changed my mind')
    const call = db.run('insert …', [], { signal: controller.signal, id: 'mine' })
    await expect(call).rejects.toThrow(AbortedError)
    await expect(call).rejects.toMatchObject({
      name: 'AbortError',
      outcome: 'not-applied',
      requestId: 'mine',
      cause: 'changed my mind',
    })
    expect(page.member.received.filter(is('call'))).toEqual([])
  })

  it('aborted: the workers can see it, and the member’s answer counts', async () => {
    const reason = new Error('navigated away')
    const call = db.run('insert …', [], { signal: controller.signal })
    const { n, cancelUrl } = await page.member.message(is('call'))
    expect(page.tokens.get(cancelUrl ?? '')).toBe('valid')
    controller.abort(reason)
    expect(page.tokens.get(cancelUrl ?? '')).toBe('revoked')
    expect(await page.member.message(is('cancel'))).toEqual({ type: 'cancel', n })
    const error = serializeError(new AbortedError('stopped', { outcome: 'not-applied' }))
    page.member.send({ type: 'answer', n, results: [], version: 0, error })
    await expect(call).rejects.toMatchObject({ code: 'ABORTED', outcome: 'not-applied', cause: reason })
  })

  it('aborted too late: the call has its result', async () => {
    const call = db.run('insert …', [], { signal: controller.signal })
    const { n } = await page.member.message(is('call'))
    controller.abort()
    page.member.send({ type: 'answer', n, results: [result({ changes: 1 })], version: 8 })
    expect(await call).toMatchObject({ changes: 1 })
  })

  it('P4: aborted without an answer: ends within a second, and a write is in doubt', async () => {
    const write = db.run('insert …', [], { signal: controller.signal, id: 'mine' })
    const read = db.query('select …', [], { signal: controller.signal, readonly: true })
    await page.member.message(is('call'), 2)
    controller.abort()
    page.clock.advance(1000)
    await expect(write).rejects.toMatchObject({ code: 'ABORTED', outcome: 'unknown', requestId: 'mine' })
    const refused: unknown = await read.catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'ABORTED' })
    expect(refused).not.toHaveProperty('outcome')
  })

  it('an answered call leaves neither a blob URL nor a listener behind', async () => {
    const call = db.run('insert …', [], { signal: controller.signal })
    const { n, cancelUrl } = await page.member.message(is('call'))
    page.member.send({ type: 'answer', n, results: [result()], version: 8 })
    await call
    expect(page.tokens.get(cancelUrl ?? '')).toBe('revoked')
    controller.abort()
    const next = db.flush()
    await page.member.message(is('call'), 2)
    expect(page.member.received.filter(is('cancel'))).toEqual([])
    page.member.send({ type: 'answer', n: 2, results: [], version: 8 })
    await next
  })
})

describe('the page’s own bound', () => {
  it('P4: ends a call whose member is silent, 5 s after its timeout', async () => {
    const call = db.run('insert …', [], { timeout: 1000, id: 'mine' })
    page.clock.advance(5999)
    await page.member.message(is('call'))
    page.clock.advance(1)
    await expect(call).rejects.toThrow(CallTimeoutError)
    await expect(call).rejects.toMatchObject({ outcome: 'unknown', requestId: 'mine' })
  })

  it('P4: ends each call in its time, whichever was made first and whichever has ended', async () => {
    const ends: string[] = []
    const call = (name: string, timeout: number): Promise<unknown> =>
      db.run(name, [], { timeout }).catch(() => ends.push(name))
    const long = call('long', 3000)
    const short = call('short', 1000)
    const answered = call('answered', 500)
    const { n } = await page.member.message(is('call'), 3)
    page.member.send({ type: 'answer', n, results: [result()], version: 8 })
    await answered
    page.clock.advance(5999)
    const later = call('later', 500)
    page.clock.advance(1)
    await short
    expect(ends).toEqual(['short'])
    page.clock.advance(2000)
    await long
    page.clock.advance(3498)
    expect(ends).toEqual(['short', 'long'])
    page.clock.advance(1)
    await later
  })

  it('P4: ends also a call without a timeout', async () => {
    const calls = [db.all('select …'), db.flush(), db.status(), db.export()]
    page.clock.advance(605_000)
    for (const call of calls) await expect(call).rejects.toThrow(CallTimeoutError)
  })

  it('a tab that slept gives the answers that wait for it their chance, once', async () => {
    const answered = db.run('insert …', [], { timeout: 1000 })
    const silent = db.run('insert …', [], { timeout: 1000 })
    const { n } = await page.member.message(is('call'))
    page.clock.sleep(3_600_000)
    page.member.send({ type: 'answer', n, results: [result({ changes: 1 })], version: 8 })
    expect(await answered).toMatchObject({ changes: 1 })
    page.clock.advance(5000)
    await expect(silent).rejects.toThrow(CallTimeoutError)
  })
})

import { describe, expect, test } from 'vitest'
import type { Database } from '../../../src/page/database.ts'
import { inWorlds, type Player, type Stage, type Watched } from './stage.ts'

const LIMIT = 300_000

/** Who has the turn, as an outsider would see it: each entry is a callback that runs and was not told to end. */
class Turns {
  readonly begun: string[] = []
  readonly running = new Set<string>()
  /** The most that ever ran at once. */
  most = 0

  /** Runs for ever in one tab at a time, as a loop that syncs does. */
  loop(stage: Stage, name: string, { db }: { readonly db: Database }) {
    return stage.watch(
      db.runExclusive('sync', (signal) => {
        this.begun.push(name)
        this.running.add(name)
        this.most = Math.max(this.most, this.running.size)
        return new Promise<string>((resolve) => {
          signal.addEventListener('abort', () => {
            this.running.delete(name)
            resolve(`${name} was told to end`)
          })
        })
      }),
    )
  }

  has(name: string): () => boolean {
    return () => this.running.has(name)
  }
}

const sleep = ({ page, tab }: Player) => {
  page.tell('suspended')
  tab.freeze()
}
const wake = ({ page, tab }: Player) => {
  tab.resume()
  page.tell('resumed')
}

describe('what runs in one tab at a time', () => {
  test(
    'P4.2 has its turns one after the other, in the order of the calls, and each its own result',
    inWorlds(6, async (stage) => {
      const [a, b, c] = await stage.openAll(['A', 'B', 'C'])
      const at: string[] = []
      let running = 0
      const calls = [a, a, b, c].map(({ db }, i) =>
        db.runExclusive('sync', async (signal) => {
          expect(++running).toBe(1)
          await db.run('insert into t (v) values (?)', [`v${i}`], { signal })
          at.push(`v${i}`)
          running--
          return i
        }),
      )
      const failing = Promise.allSettled([
        a.db.runExclusive('sync', () => {
          throw new RangeError('its own')
        }),
      ])
      expect(await stage.settle(Promise.all(calls))).toEqual([0, 1, 2, 3])
      expect(await stage.settle(failing)).toMatchObject([{ reason: new RangeError('its own') }])
      expect(await stage.values(b)).toEqual(at)
    }),
    LIMIT,
  )

  test(
    'P4.2 P8 other names, databases and users do not wait for it, and the locks say who does what',
    inWorlds(2, async (stage) => {
      const [a, b] = await stage.openAll(['A', 'B'])
      const other = await stage.open('C', { user: 'u-2' })
      const turns = new Turns()
      turns.loop(stage, 'a', a)
      await stage.until(turns.has('a'))
      expect(await stage.settle(b.db.runExclusive('Sync', () => 'another name'))).toBe('another name')
      expect(await stage.settle(other.db.runExclusive('sync', () => 'another user'))).toBe('another user')
      expect((await stage.settle(b.db.status())).locks).toContain('tutti/u-9002/default/exclusive/sync')
    }),
    LIMIT,
  )

  test(
    'P4.2 goes to the next tab when its own dies',
    inWorlds(6, async (stage) => {
      const [a, b] = await stage.openAll(['A', 'B'])
      const turns = new Turns()
      turns.loop(stage, 'a', a)
      await stage.until(turns.has('a'))
      turns.loop(stage, 'b', b)
      await stage.rest()
      expect(turns.begun).toEqual(['a'])
      a.tab.kill()
      await stage.until(turns.has('b'))
    }),
    LIMIT,
  )

  test(
    'P4.2 goes to the next tab when its own is suspended, which queues again when it wakes',
    inWorlds(6, async (stage) => {
      const [a, b] = await stage.openAll(['A', 'B'])
      const turns = new Turns()
      const first = turns.loop(stage, 'a', a)
      await stage.until(turns.has('a'))
      turns.loop(stage, 'b', b)
      sleep(a)
      await stage.until(turns.has('b'))
      wake(a)
      await stage.rest()
      expect(turns.begun).toEqual(['a', 'b'])
      sleep(b)
      await stage.until(turns.has('a'))
      expect(turns).toMatchObject({ begun: ['a', 'b', 'a'], most: 1 })
      expect(first.settledAt).toBe(undefined)
    }),
    LIMIT,
  )

  test(
    'P4.2 is given to no tab that is suspended while it waits',
    inWorlds(6, async (stage) => {
      const [a, b, c] = await stage.openAll(['A', 'B', 'C'])
      const turns = new Turns()
      turns.loop(stage, 'a', a)
      await stage.until(turns.has('a'))
      turns.loop(stage, 'b', b)
      await stage.rest()
      turns.loop(stage, 'c', c)
      await stage.rest()
      sleep(b)
      await stage.rest()
      a.tab.kill()
      await stage.until(turns.has('c'))
      c.tab.kill()
      await stage.rest()
      expect(turns.begun).toEqual(['a', 'c'])
      wake(b)
      await stage.until(turns.has('b'))
    }),
    LIMIT,
  )

  test(
    'P4.2 a tab whose lock was taken away ends what it runs, and queues again',
    inWorlds(4, async (stage) => {
      const [a, b] = await stage.openAll(['A', 'B'])
      const turns = new Turns()
      turns.loop(stage, 'a', a)
      await stage.until(turns.has('a'))
      const outsider = stage.simulation.tab('outsider').context('page')
      const name = 'tutti/u-9002/default/exclusive/sync'
      const stolen = await stage.settle(outsider.platform.locks.request(name, { steal: true }))
      await stage.until(() => !turns.running.has('a'))
      stolen.release()
      await stage.until(turns.has('a'))
      turns.loop(stage, 'b', b)
      await stage.rest()
      expect(turns.begun).toEqual(['a', 'a'])
    }),
    LIMIT,
  )

  test(
    'P4.2 a callback that does not end keeps no other tab waiting when its own is suspended, and is not run twice there',
    inWorlds(2, async (stage) => {
      const [a, b] = await stage.openAll(['A', 'B'])
      const turns = new Turns()
      let runs = 0
      const end: (() => void)[] = []
      const call = stage.watch(
        a.db.runExclusive('sync', () => {
          runs++
          return new Promise<string>((resolve) => end.push(() => resolve(`run ${runs}`)))
        }),
      )
      await stage.until(() => runs === 1)
      turns.loop(stage, 'b', b)
      sleep(a)
      await stage.until(turns.has('b'))
      b.tab.kill()
      wake(a)
      await stage.rest()
      expect(runs).toBe(1)
      end[0]?.()
      await stage.until(() => runs === 2)
      end[1]?.()
      expect(await stage.settle(call.promise)).toBe('run 2')
    }),
    LIMIT,
  )
})

describe('a call that waits for its turn, or has it', () => {
  test(
    'P4.2 ends typed with its handle, and the next tab has its turn when close() has resolved',
    inWorlds(4, async (stage) => {
      const [a, b] = await stage.openAll(['A', 'B'])
      const turns = new Turns()
      const reasons: unknown[] = []
      const running = stage.watch(
        a.db.runExclusive('sync', async (signal) => {
          await new Promise((resolve) => signal.addEventListener('abort', resolve))
          reasons.push(signal.reason)
        }),
      )
      const waiting = turns.loop(stage, 'a', a)
      await stage.rest()
      turns.loop(stage, 'b', b)
      const closing = stage.watch(a.db.close())
      await stage.until(turns.has('b'))
      await stage.settle(closing.promise)
      expect([running.error?.code, waiting.error?.code]).toEqual(['DATABASE_CLOSED', 'DATABASE_CLOSED'])
      expect(reasons).toEqual([running.error])
      expect(turns.begun).toEqual(['b'])
      const late = stage.watch(a.db.runExclusive('sync', () => 1))
      await stage.ended(late)
      expect(late.error?.code).toBe('DATABASE_CLOSED')
    }),
    LIMIT,
  )

  test(
    'P4.2 a callback that does not listen keeps the others waiting for 2 s after close(), and no longer',
    inWorlds(2, async (stage) => {
      const [a, b] = await stage.openAll(['A', 'B'])
      const turns = new Turns()
      stage.watch(a.db.runExclusive('sync', () => new Promise(() => undefined)))
      await stage.rest()
      turns.loop(stage, 'b', b)
      await stage.simulation.runFor(500)
      const closing = stage.watch(a.db.close())
      await stage.simulation.runFor(1500)
      expect(turns.begun).toEqual([])
      await stage.ended(closing, 3000)
      await stage.until(turns.has('b'), 1000)
    }),
    LIMIT,
  )

  test(
    'P4.2 P8 ends typed in every tab when the database is deleted',
    inWorlds(4, async (stage) => {
      const [a, b] = await stage.openAll(['A', 'B'])
      const turns = new Turns()
      const calls = [turns.loop(stage, 'a', a), turns.loop(stage, 'b', b)]
      await stage.rest()
      await stage.settle(b.db.destroy())
      for (const call of calls) await stage.ended(call)
      expect(calls.map(({ error }) => error?.code)).toEqual(['DATABASE_DELETED', 'DATABASE_DELETED'])
      expect([...turns.running]).toEqual([])
    }),
    LIMIT,
  )

  test(
    'P4.2 ends with its signal, at once',
    inWorlds(4, async (stage) => {
      const [a, b] = await stage.openAll(['A', 'B'])
      const turns = new Turns()
      const controllers = [new AbortController(), new AbortController()]
      const seen: unknown[] = []
      const calls: Watched<unknown>[] = []
      for (const [i, { signal: given }] of controllers.entries()) {
        const { db } = i === 0 ? a : b
        const wait = (signal: AbortSignal) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () => resolve(seen.push(signal.reason)))
          })
        calls.push(stage.watch(db.runExclusive('sync', wait, { signal: given })))
        await stage.rest()
      }
      turns.loop(stage, 'c', b)
      for (const controller of controllers.toReversed()) {
        controller.abort('enough')
        await stage.rest()
      }
      expect(calls.map(({ error }) => [error?.code, error?.cause])).toEqual([
        ['ABORTED', 'enough'],
        ['ABORTED', 'enough'],
      ])
      expect(seen).toEqual(['enough'])
      await stage.until(turns.has('c'))
    }),
    LIMIT,
  )

  test(
    'P4.2 needs a name and a function',
    inWorlds(1, async (stage) => {
      const [{ db }] = await stage.openAll(['A'])
      await expect(db.runExclusive('', () => 1)).rejects.toMatchObject({ code: 'PARAMETER' })
      await expect(db.runExclusive('sync', undefined as never)).rejects.toMatchObject({ code: 'PARAMETER' })
    }),
    LIMIT,
  )
})

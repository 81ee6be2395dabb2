import { expect, test } from 'vitest'
import { insert, inWorlds, type Player } from './stage.ts'

const LIMIT = 300_000

test(
  'R5 a primary whose lock was stolen acknowledges nothing and announces nothing until it is free again',
  inWorlds(3, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    const epoch = stage.epoch
    const stolen = await stage.robPrimary()
    const heard = stage.announced.length
    const writes = [
      insert(a, 'a'),
      insert(b, 'b'),
      b.db.transaction((tx) => tx.run("insert into t (v) values ('tx')")),
    ]
    const watched = writes.map((write) => stage.watch<unknown>(write))
    await stage.simulation.runFor(1000)
    expect(watched.map(({ settledAt }) => settledAt)).toEqual([undefined, undefined, undefined])
    expect(stage.announced.slice(heard)).toEqual([])

    stolen.release()
    await stage.settle(Promise.all(writes))
    expect(stage.epoch).toBe(epoch + 1)
    expect((await stage.values(a)).toSorted()).toEqual(['a', 'b', 'tx'])
  }),
  LIMIT,
)

test(
  'R5 a primary that was stopped and robbed meanwhile answers nothing of what waited for it',
  inWorlds(6, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    // So that it has just looked for its files: to look again would take as long as the news of the theft.
    await stage.simulation.runFor(1500)
    await stage.settle(insert(b, 'before'))
    a.tab.freeze()
    // It waits beside the message that the lock is gone, and may be first.
    const write = stage.watch(insert(b, 'b'))
    await stage.simulation.runFor(300)
    const stolen = await stage.robPrimary()
    await stage.simulation.runFor(300)
    a.tab.resume()
    await stage.simulation.runFor(1000)
    expect(write.settledAt).toBe(undefined)

    stolen.release()
    await stage.settle(write.promise)
    expect(await stage.values(a)).toEqual(['before', 'b'])
  }),
  LIMIT,
)

test(
  'R6 a candidate that is frozen right after its grant is robbed, and harms nobody when it wakes',
  inWorlds(4, async (stage) => {
    const players = await stage.openAll(['A', 'B', 'C'])
    players[0].tab.kill()
    await stage.until(() => stage.candidate === 'B' || stage.candidate === 'C')
    const [frozen, other] = byName(players, stage.candidate)
    frozen.tab.freeze()
    const write = stage.watch(insert(other, 'first'))
    expect(await stage.ended(write)).toBeLessThan(3500)
    expect(write.error).toBe(undefined)
    expect(stage.primary).toBe(other.tab.name)

    const epoch = stage.epoch
    frozen.tab.resume()
    await stage.rest()
    await stage.settle(insert(frozen, 'second'))
    expect(stage.primary).toBe(other.tab.name)
    expect(stage.epoch).toBe(epoch)
    expect(await stage.values(frozen)).toEqual(['first', 'second'])
  }),
  LIMIT,
)

test(
  'R6 the tab of a primary that serves is never robbed, however long it is silent',
  inWorlds(2, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B', 'C'])
    a.tab.freeze()
    const write = stage.watch(insert(b, 'b'))
    await stage.simulation.runFor(9000)
    expect([stage.candidate, stage.primary]).toEqual(['A', 'A'])
    a.tab.resume()
    await stage.settle(write.promise)
    expect(stage.epoch).toBe(1)
  }),
  LIMIT,
)

test(
  'R6 a hidden tab goes to the end of the queue, and comes out of it when there is nobody else',
  inWorlds(3, async (stage) => {
    const [a, b, c] = await stage.openAll(['A', 'B', 'C'])
    b.page.tell('hidden')
    await stage.simulation.runFor(100)
    a.tab.kill()
    await stage.settle(insert(c, 'c'))
    expect(stage.primary).toBe('C')
    c.tab.kill()
    await stage.settle(insert(b, 'b'))
    expect(stage.primary).toBe('B')
  }),
  LIMIT,
)

test(
  'R7 a primary whose page is about to be suspended lets go at once, and nothing in flight is in doubt',
  inWorlds(4, async (stage, seed) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    const writes = ['1', '2', '3', '4', '5'].map((v) => stage.watch(insert(b, v)))
    await stage.simulation.runFor(seed * 2)
    const started = stage.simulation.now
    a.page.tell('suspended')
    // The handlers of its workers still run, in as long as a port and a jitter of 2 ms each may take.
    await stage.simulation.runFor(5)
    a.tab.suspend()
    await stage.until(() => stage.primary === 'B')
    expect(stage.simulation.now - started).toBeLessThan(1000)
    for (const write of writes) await stage.settle(write.promise)
    expect(await stage.values(b)).toEqual(['1', '2', '3', '4', '5'])
  }),
  LIMIT,
)

test(
  'R6 R7 a tab that freezes before its workers hear of it keeps nobody from the primary, nor from the news of its end',
  inWorlds(4, async (stage) => {
    const [a, b, c] = await stage.openAll(['A', 'B', 'C'])
    a.page.tell('suspended')
    a.tab.suspend()
    const writes = [stage.watch(insert(b, 'b')), stage.watch(insert(c, 'c'))]
    for (const write of writes) expect(await stage.ended(write)).toBeLessThan(3500)
    expect((await stage.values(c)).toSorted()).toEqual(['b', 'c'])
  }),
  LIMIT,
)

test(
  'R6 R7 a page that hears that it is hidden after it heard that it is suspended stays out of the queue',
  inWorlds(4, async (stage) => {
    // So it is when a page is navigated away from: pagehide, visibilitychange, freeze.
    const a = await stage.open('A')
    a.page.tell('suspended')
    a.page.tell('hidden')
    await stage.simulation.runFor(100)
    a.tab.suspend()
    expect(stage.candidate).toBe(undefined)
    const started = stage.simulation.now
    await stage.open('B')
    expect(stage.primary).toBe('B')
    // Nobody had to be robbed, which takes a second at least.
    expect(stage.simulation.now - started).toBeLessThan(1000)
  }),
  LIMIT,
)

test(
  'R7 a tab that comes back from the cache catches up before it serves a read, and starts no primary while away',
  inWorlds(4, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    a.page.tell('suspended')
    a.tab.suspend()
    await stage.settle(insert(b, 'while A was away'))
    await stage.simulation.runFor(700)
    await stage.settle(insert(b, 'later'))
    a.tab.resume()
    a.page.tell('resumed')
    expect(await stage.values(a)).toEqual(['while A was away', 'later'])
    expect(stage.primary).toBe('B')
  }),
  LIMIT,
)

test(
  'R7 a primary that is hidden for 30 s hands over to a visible tab, and to nobody where there is none',
  inWorlds(2, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    a.page.tell('hidden')
    await stage.simulation.runFor(29_000)
    expect(stage.primary).toBe('A')
    await stage.simulation.runFor(3000)
    expect(stage.primary).toBe('B')
    expect(stage.epoch).toBe(2)
    b.page.tell('hidden')
    await stage.simulation.runFor(35_000)
    expect(stage.primary).toBe('B')
    await stage.settle(insert(a, 'a'))
    expect(await stage.values(b)).toEqual(['a'])
  }),
  LIMIT,
)

test(
  'R7 a primary that has been hidden for long hands over as soon as there is a visible tab',
  inWorlds(2, async (stage) => {
    const a = await stage.open('A')
    a.page.tell('hidden')
    await stage.simulation.runFor(60_000)
    expect(stage.primary).toBe('A')
    const b = await stage.open('B')
    await stage.until(() => stage.primary === 'B', 2000)
    await stage.settle(insert(a, 'a'))
    expect(await stage.values(b)).toEqual(['a'])
    expect(stage.epoch).toBe(2)
  }),
  LIMIT,
)

test(
  'R6 R7 of several hidden tabs none stays the primary before a visible one, and each hands over once',
  inWorlds(3, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    a.page.tell('hidden')
    b.page.tell('hidden')
    await stage.simulation.runFor(60_000)
    const c = await stage.open('C')
    await stage.until(() => stage.primary === 'C', 5000)
    await stage.simulation.runFor(1000)
    const { epoch } = stage
    await stage.simulation.runFor(60_000)
    await stage.settle(insert(c, 'c'))
    expect([stage.primary, stage.epoch]).toEqual(['C', epoch])
  }),
  LIMIT,
)

test(
  'R6 R7 a tab that was opened in the background gives way like one that was hidden later',
  inWorlds(2, async (stage) => {
    const a = await stage.open('A', {}, { visibility: 'hidden' })
    await stage.simulation.runFor(60_000)
    await stage.open('B')
    await stage.until(() => stage.primary === 'B', 2000)
    await stage.settle(insert(a, 'a'))
    expect(stage.epoch).toBe(2)
  }),
  LIMIT,
)

test(
  'R7.1 on mobile a hidden primary lets go at once where another tab is visible, and what is in flight happens once',
  inWorlds(4, async (stage) => {
    stage.world.shared.mobile = true
    const [a, b] = await stage.openAll(['A', 'B'])
    const writes = ['1', '2', '3'].map((v) => stage.watch(insert(b, v)))
    a.page.tell('hidden')
    await stage.until(() => stage.primary === 'B', 2000)
    for (const write of writes) await stage.settle(write.promise)
    expect(await stage.values(a)).toEqual(['1', '2', '3'])

    // B knows by now that A is hidden. Whoever switches tabs hides the one before the other is visible.
    await stage.rest()
    b.page.tell('hidden')
    await stage.simulation.runFor(2000)
    expect(stage.primary).toBe('B')
    a.page.tell('visible')
    await stage.until(() => stage.primary === 'A' && stage.epoch === 3, 2000)
  }),
  LIMIT,
)

/** The player of that name, and the other one of B and C. */
function byName(players: readonly Player[], name: string | undefined): [Player, Player] {
  const found = players.find(({ tab }) => tab.name === name)
  const other = players.find(({ tab }) => tab.name !== name && tab.name !== 'A')
  if (found === undefined || other === undefined) throw new Error(`no player ${name}`)
  return [found, other]
}

test(
  'R6 the tab that is likely to be elected next has its primary worker ready, and then the one after it',
  inWorlds(4, async (stage) => {
    const [a, b, c] = await stage.openAll(['A', 'B', 'C'])
    await stage.rest()
    const started: string[] = []
    for (const { page, tab } of [a, b, c]) {
      const { environment } = page
      const start = environment.startPrimary.bind(environment)
      environment.startPrimary = () => {
        started.push(tab.name)
        return start()
      }
    }
    // The first of those that came later had its own before it was counted.
    const next = stage.standby
    expect(['B', 'C']).toContain(next)
    a.tab.kill()
    await stage.settle(insert(b, 'b'))
    await stage.rest()
    const primary = stage.primary
    const other = primary === 'B' ? 'C' : 'B'
    expect(stage.standby).toBe(other)
    expect(started).toEqual(primary === next ? [other] : [primary])
    expect(await stage.values(c)).toEqual(['b'])
  }),
  LIMIT,
)

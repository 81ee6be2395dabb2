import { expect, test } from 'vitest'
import { Candidacy } from '../../../src/cluster/candidacy.ts'
import { OutdatedError, SchemaAheadError } from '../../../src/errors/errors.ts'
import type { ElectionMessage } from '../../../src/protocol/messages.ts'
import { databaseNames } from '../../../src/protocol/names.ts'
import { BUILD } from '../../../src/protocol/version.ts'
import { insert, inWorlds, type Stage, TABLE, type Watched } from './stage.ts'

const LIMIT = 300_000
/** The next protocol, whose files this one may still open, and one that has changed them. */
const NEXT = { ...BUILD, version: '9.0.0', protocol: BUILD.protocol + 1 }
const SHUT = { ...NEXT, floor: NEXT.protocol }
const { candidateLock, everyoneChannel } = await databaseNames('u-9002', 'default')

test(
  'P7 R4 a tab of a newer protocol takes over; writes in flight in the older ones are acknowledged and there, or typed',
  inWorlds(8, async (stage) => {
    const older = await stage.openAll(['A', 'B'])
    const told = new Map<string, number>()
    for (const { tab, db } of older)
      db.on('outdated', () => told.set(tab.name, (told.get(tab.name) ?? 0) + 1))
    const opening = stage.watch(stage.world.tab('N', NEXT).open({ migrations: TABLE }))
    const writes: { v: string; write: Watched<unknown> }[] = []
    for (let i = 0; i < 6; i++) {
      for (const player of older) {
        const v = `${player.tab.name} ${i}`
        writes.push({ v, write: stage.watch(insert(player, v)) })
      }
      await stage.simulation.runFor(15)
    }
    for (const { write } of writes) expect(await stage.ended(write)).toBeLessThan(5000)
    const next = await stage.settle(opening.promise)
    expect(stage.primary).toBe('N')

    const rows = (await stage.settle(next.values('select v from t'))).flat()
    expect(new Set(rows).size).toBe(rows.length)
    expect(writes.flatMap(({ v, write }) => complaint(write, rows.includes(v)))).toEqual([])
    await stage.rest()
    expect(Object.fromEntries(told)).toEqual({ A: 1, B: 1 })
    for (const { db } of older) {
      const read = stage.watch(db.values('select v from t'))
      expect(await stage.ended(read)).toBeLessThan(1000)
      expect(read.error).toBeInstanceOf(OutdatedError)
    }
  }),
  LIMIT,
)

test(
  'P7 R4 a primary that is told to go by a newer protocol answers what it has begun',
  inWorlds(4, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    const write = stage.watch(
      b.db.run(
        "with recursive n(i) as (values (1) union all select i + 1 from n where i < 300) insert into t (v) select 'row ' || i from n",
      ),
    )
    await stage.until(() => (stage.simulation.trace.print(30).match(/request from B/g)?.length ?? 0) > 0)
    const opening = stage.watch(stage.world.tab('N', NEXT).open({ migrations: TABLE }))
    await stage.ended(write)
    const next = await stage.settle(opening.promise)
    const rows = await stage.settle(next.values('select v from t'))
    expect(rows).toHaveLength(write.error?.outcome === 'not-applied' ? 0 : 300)
    expect(a.tab.alive).toBe(true)
  }),
  LIMIT,
)

test(
  'P7 R4 a newer protocol’s tab is left in peace by older ones: opening fails typed, and none takes over when it has gone',
  inWorlds(4, async (stage) => {
    const [a] = await stage.openAll(['A'])
    await stage.settle(insert(a, 'old'))
    const n = await stage.open('N', {}, { build: NEXT })
    const { epoch } = await stage.settle(n.db.status())
    const late = stage.watch(stage.world.tab('B').open({ migrations: TABLE }))
    expect(await stage.ended(late)).toBeLessThan(1000)
    expect(late.error).toBeInstanceOf(OutdatedError)
    await stage.simulation.runFor(10_000)
    expect(stage.primary).toBe('N')
    expect((await stage.settle(n.db.status())).epoch).toBe(epoch)
    await stage.settle(insert(n, 'new'))

    n.tab.kill()
    await stage.simulation.runFor(5000)
    expect(stage.primary).toBe(undefined)
    const write = stage.watch(insert(a, 'after it has gone'))
    expect(await stage.ended(write)).toBeLessThan(1000)
    expect(write.error).toMatchObject({ code: 'OUTDATED', outcome: 'not-applied' })
    // A deploy that was rolled back: what this build can read, it may open again.
    a.tab.kill()
    const again = await stage.open('C')
    expect(await stage.values(again)).toEqual(['old', 'new'])
  }),
  LIMIT,
)

test(
  'P7 R4.1 a build that the newer one has shut out opens nothing, whatever it is told, and harms nothing',
  inWorlds(4, async (stage) => {
    const [a] = await stage.openAll(['A'])
    await stage.settle(insert(a, 'old'))
    const n = await stage.open('N', {}, { build: SHUT })
    await stage.settle(insert(n, 'new'))
    n.tab.kill()
    for (const writeWhenAhead of [false, true]) {
      const late = stage.watch(
        stage.world.tab(`B${writeWhenAhead}`).open({ migrations: TABLE, writeWhenAhead }),
      )
      await stage.ended(late)
      expect(late.error).toBeInstanceOf(SchemaAheadError)
    }
    const again = await stage.open('M', {}, { build: SHUT })
    expect(await stage.values(again)).toEqual(['old', 'new'])
  }),
  LIMIT,
)

test(
  'R4 R12 with stale reads allowed an outdated tab reads on what it last knew, and with them refused nothing',
  inWorlds(4, async (stage) => {
    const [a] = await stage.openAll(['A'], { stale: 'allow' })
    await stage.settle(insert(a, 'old'))
    const n = await stage.open('N', {}, { build: NEXT })
    await stage.settle(insert(n, 'new'))
    const asked = stage.simulation.now
    expect(await stage.values(a)).toEqual(['old'])
    expect(stage.simulation.now - asked).toBeLessThan(100)
    const write = stage.watch(insert(a, 'late'))
    await stage.ended(write)
    expect(write.error).toBeInstanceOf(OutdatedError)
  }),
  LIMIT,
)

test(
  'R4 R7 a tab that was cached while a newer protocol came learns of it when it is back',
  inWorlds(4, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    let outdated = 0
    b.db.on('outdated', () => outdated++)
    b.page.tell('suspended')
    b.tab.suspend()
    const n = await stage.open('N', {}, { build: NEXT })
    a.tab.kill()
    await stage.rest()
    b.tab.resume()
    b.page.tell('resumed')
    await stage.until(() => outdated > 0, 2000)
    const read = stage.watch(b.db.values('select v from t'))
    await stage.ended(read)
    expect(read.error).toBeInstanceOf(OutdatedError)
    expect(stage.primary).toBe('N')
    await stage.settle(insert(n, 'on'))
  }),
  LIMIT,
)

test(
  'R4 R30 the protocol decides before the number of migrations does',
  inWorlds(4, async (stage) => {
    const more = [...TABLE, { name: '2 w', sql: 'alter table t add column w' }]
    const n = await stage.open('N', {}, { build: NEXT })
    const late = stage.watch(stage.world.tab('B').open({ migrations: more }))
    expect(await stage.ended(late)).toBeLessThan(1000)
    expect(late.error).toBeInstanceOf(OutdatedError)
    await stage.settle(insert(n, 'new'))
    expect(stage.primary).toBe('N')
  }),
  LIMIT,
)

test(
  'R4 R6 tabs of older protocols hear that a candidate and a primary live, and have no cause to rob them',
  inWorlds(6, async (stage) => {
    // Somebody still has the files: a candidate comes first, and serves only then.
    const held = await stage.robPrimary()
    const opening = stage.watch(stage.world.tab('N', NEXT).open({ migrations: TABLE }))
    const robberies = watchAsOlderTab(stage)
    await stage.simulation.runFor(6000)
    expect(robberies()).toBe(0)
    held.release()
    const db = await stage.settle(opening.promise)
    await stage.simulation.runFor(15_000)
    expect(robberies()).toBe(0)
    expect((await stage.settle(db.status())).epoch).toBe(1)
    stage.simulation.tab('N').kill()
    await stage.until(() => stage.candidate === 'outsider')
  }),
  LIMIT,
)

/** What is wrong with how a write of an older tab ended, where its row is there or is not. */
function complaint({ error }: Watched<unknown>, there: boolean): string[] {
  if (error === undefined) return there ? [] : ['an acknowledged write is lost']
  if (!(error instanceof OutdatedError)) return [`ended with ${error.name}`]
  if (error.outcome === 'unknown') return []
  return error.outcome === 'not-applied' && !there ? [] : [`outcome ${error.outcome}, and there: ${there}`]
}

/** A tab in the queue as any release has it, which hears no more than its own protocol's channel. Counts its robberies. */
function watchAsOlderTab({ simulation }: Stage): () => number {
  const { platform } = simulation.tab('outsider').context('page')
  let robberies = 0
  const candidacy = new Candidacy({
    locks: platform.locks,
    clock: platform.clock,
    random: platform.random,
    lock: candidateLock,
    onElected: (_, stolen) => {
      if (stolen) robberies++
    },
  })
  const channel = platform.channels.open<ElectionMessage>(everyoneChannel, (message) => {
    if (message.type === 'candidate') candidacy.candidateSeen()
    if (message.type === 'announce') candidacy.primarySeen()
  })
  simulation.schedule({
    due: simulation.now + 30,
    context: null,
    what: 'an older tab stands',
    run: () => {
      candidacy.enter()
      channel.post({ type: 'who', member: 'older' })
    },
  })
  return () => robberies
}

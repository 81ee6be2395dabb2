import { expect, test } from 'vitest'
import { OutdatedError, SchemaAheadError } from '../../../src/errors/errors.ts'
import type { Hello } from '../../../src/protocol/messages.ts'
import { databaseNames } from '../../../src/protocol/names.ts'
import { PROTOCOL } from '../../../src/protocol/version.ts'
import { insert, inWorlds, TABLE } from './stage.ts'

const LIMIT = 300_000
const NEWER = [...TABLE, { name: '2 w', sql: 'alter table t add column w' }]
const { helloChannel } = await databaseNames('u-9002', 'default')

test(
  'P7 R4 R30 a tab that knows more migrations takes over; the older one reads on, and is told to reload when it writes',
  inWorlds(4, async (stage) => {
    const [a] = await stage.openAll(['A'])
    await stage.settle(insert(a, 'old'))
    let outdated = 0
    a.db.on('outdated', () => outdated++)
    const b = await stage.open('B', { migrations: NEWER })
    expect(stage.primary).toBe('B')
    expect(await stage.settle(b.db.values('select v, w from t'))).toEqual([['old', null]])

    await stage.settle(insert(b, 'new'))
    expect(await stage.values(a)).toEqual(['old', 'new'])
    const write = stage.watch(insert(a, 'from the older build'))
    await stage.ended(write)
    expect(write.error).toBeInstanceOf(OutdatedError)
    expect(write.error?.outcome).toBe('not-applied')
    expect(outdated).toBeGreaterThan(0)

    b.tab.kill()
    await stage.rest()
    const ahead = stage.watch(insert(a, 'after a rolled-back deploy'))
    await stage.ended(ahead)
    expect(ahead.error).toBeInstanceOf(SchemaAheadError)
    expect(await stage.values(a)).toEqual(['old', 'new'])
  }),
  LIMIT,
)

test(
  'P7 R30 writes of the older tab that are in flight while a newer one takes over are acknowledged and there, or refused',
  inWorlds(4, async (stage) => {
    const [a] = await stage.openAll(['A'])
    const opening = stage.watch(stage.world.tab('B').open({ migrations: NEWER }))
    const writes = Array.from({ length: 12 }, (_, i) => `${i}`)
    const acknowledged: string[] = []
    const refused: unknown[] = []
    for (const v of writes) {
      const write = stage.watch(insert(a, v))
      await stage.ended(write)
      if (write.error === undefined) acknowledged.push(v)
      else refused.push({ code: write.error.code, outcome: write.error.outcome })
    }
    for (const error of refused) expect(error).toEqual({ code: 'OUTDATED', outcome: 'not-applied' })
    const db = await stage.settle(opening.promise)
    expect((await stage.settle(db.values('select v from t order by id'))).flat()).toEqual(acknowledged)
    expect(await stage.values(a)).toEqual(acknowledged)
  }),
  LIMIT,
)

test(
  'R4 a hello of a newer protocol ends waiting writes with OutdatedError, and an older one is answered',
  inWorlds(2, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    const heard: Hello[] = []
    const stranger = stage.simulation.tab('X').context('page')
    const hello = stranger.platform.channels.open<Hello>(helloChannel, (message) => void heard.push(message))
    hello.post({ proto: PROTOCOL - 1, build: '0.0.1', schema: 1 })
    await stage.simulation.runFor(50)
    expect(heard).toContainEqual(expect.objectContaining({ proto: PROTOCOL, schema: 1 }))
    expect(Object.keys(heard[0] ?? {}).toSorted()).toEqual(['build', 'proto', 'schema'])

    const stolen = await stage.robPrimary()
    const waiting = stage.watch(insert(b, 'b'))
    await stage.simulation.runFor(200)
    hello.post({ proto: PROTOCOL + 1, build: '9.0.0', schema: 1 })
    expect(await stage.ended(waiting)).toBeLessThan(1000)
    expect(waiting.error).toBeInstanceOf(OutdatedError)
    stolen.release()
    const later = stage.watch(insert(a, 'a'))
    await stage.ended(later)
    expect(later.error).toBeInstanceOf(OutdatedError)
  }),
  LIMIT,
)

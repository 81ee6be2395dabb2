import { expect, test } from 'vitest'
import { SnapshotLostError, StatementRefusedError } from '../../../src/errors/errors.ts'
import type { Player, Stage } from './stage.ts'
import { insert, inWorlds } from './stage.ts'

const LIMIT = 300_000
/** Several pieces of 256 KiB. */
const ROWS = 2000
const FILL = `with recursive n (i) as (values (1) union all select i + 1 from n where i < ${ROWS})
  insert into t select i, hex(zeroblob(250)) || i from n`
const IDS = Array.from({ length: ROWS }, (_, i) => i + 1)

interface Row {
  readonly id: number
  readonly v?: string
}

async function filled(stage: Stage, b: Player): Promise<AsyncIterableIterator<Row>> {
  await stage.settle(b.db.exec(FILL))
  return b.db.iterate<Row>('select id, v from t order by id')
}

/** What is left of an iteration: the ids, and how long their texts are. */
async function rest(rows: AsyncIterableIterator<Row>): Promise<[number, number | undefined][]> {
  const seen: [number, number | undefined][] = []
  for await (const { id, v } of rows) seen.push([id, v?.length])
  return seen
}

test.for(['always', 'never'] as const)(
  'P1.8 P5 an iteration shows one version to its end, whoever writes meanwhile, and dies with no primary (replica: %s)',
  { timeout: LIMIT },
  (replica) =>
    inWorlds(4, async (stage) => {
      const [a, b] = await stage.openAll(['A', 'B'], { replica })
      const rows = await filled(stage, b)
      expect((await stage.settle(rows.next())).value).toMatchObject({ id: 1 })
      await stage.settle(a.db.run("update t set v = id || 'x'"))
      await stage.settle(a.db.run('delete from t where id > 5'))
      await stage.settle(insert(b, 'of this handle'))
      a.tab.kill()
      await stage.rest()
      await stage.settle(insert(b, 'under the next primary'))
      const again = b.db.iterate<Row>('select id from t')
      expect(await stage.settle(rest(again))).toHaveLength(7)
      expect(await stage.settle(rest(rows))).toEqual(IDS.slice(1).map((id) => [id, 500 + String(id).length]))
    })(),
)

test(
  'P1.8 an iteration sees the earlier writes of its handle, and takes no memory once it was left',
  inWorlds(4, async (stage) => {
    const [, b] = await stage.openAll(['A', 'B'])
    void b.db.exec(FILL)
    const seen: number[] = []
    const loop = (async () => {
      for await (const { id } of b.db.iterate<Row>('select id, v from t order by id')) {
        seen.push(id)
        if (seen.length === 3) break
      }
    })()
    await stage.settle(loop)
    expect(seen).toEqual([1, 2, 3])
    const empty = b.db.iterate('select id from t where id < ?', [0])
    expect(await stage.settle(empty.next())).toEqual({ done: true, value: undefined })
  }),
  LIMIT,
)

test(
  'P1.8 P4 what cannot be iterated over is told, typed: a write, a pause that was too long, a worker that died',
  inWorlds(4, async (stage) => {
    const [, b] = await stage.openAll(['A', 'B'])
    const rows = await filled(stage, b)
    expect(() => b.db.iterate('select ?', [undefined as unknown as null])).toThrow(TypeError)
    const write = stage.watch(b.db.iterate('delete from t returning id').next())
    await stage.ended(write)
    expect(write.error).toBeInstanceOf(StatementRefusedError)

    await stage.settle(rows.next())
    const paused = b.db.iterate<Row>('select id, v from t')
    await stage.settle(paused.next())
    const aborted = new AbortController()
    const stopped = b.db.iterate<Row>('select id, v from t', [], { signal: aborted.signal })
    await stage.settle(stopped.next())
    aborted.abort()
    const stop = stage.watch(rest(stopped))
    await stage.ended(stop)
    expect(stop.error?.code).toBe('ABORTED')

    await stage.simulation.runFor(61_000)
    const late = stage.watch(rest(paused))
    await stage.ended(late)
    expect(late.error).toBeInstanceOf(SnapshotLostError)
    const orphan = b.db.iterate<Row>('select id, v from t')
    await stage.settle(orphan.next())
    b.tab.contexts.find(({ role }) => role === 'member')?.kill()
    const lost = stage.watch(rest(orphan))
    await stage.ended(lost)
    expect(lost.error?.code).toBe('CALL_TIMEOUT')
  }),
  LIMIT,
)

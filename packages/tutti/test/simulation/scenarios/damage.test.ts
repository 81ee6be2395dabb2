import { expect, test } from 'vitest'
import { StorageCorruptError } from '../../../src/errors/errors.ts'
import { PAGE_SIZE } from '../../../src/storage/page-size.ts'
import { ClusterWorld } from '../cluster-world.ts'
import { insert, inWorlds, type Player, Stage } from './stage.ts'

const LIMIT = 300_000
const FILE = 'tutti/u-9002/default.sqlite3'
const HOUR = 3_600_000

const backupsOf = (stage: Stage) =>
  stage.simulation.disk.paths.filter((path) => /\.backup-.*\.sqlite3$/.test(path))
const asideOf = (stage: Stage) => stage.simulation.disk.paths.filter((path) => path.includes('.corrupt-'))

/** Writes so much that several pages hold `t`, which the file has and the log has not. */
async function fill(stage: Stage, player: Player): Promise<void> {
  for (let n = 0; n < 30; n++) await stage.settle(insert(player, `${n} ${'x'.repeat(700)}`))
  await stage.simulation.runFor(3000)
  await stage.settle(player.db.run('delete from t where id < 0'))
  await stage.simulation.runFor(3000)
}

/** Damages the log, and every page of the file from `from` on, as nobody is told of it. */
function ruin(stage: Stage, from = 1): void {
  const { disk } = stage.simulation
  disk.damage(`${FILE}-wal`, 0)
  const size = disk.bytes(FILE)?.length ?? 0
  for (let page = from; page < size / PAGE_SIZE; page++) {
    for (const at of [0, 3, 5, 8, 9]) disk.damage(FILE, page * PAGE_SIZE + at)
  }
}

/** Every tab dies, and the handles fall. */
async function closeAll(stage: Stage, players: readonly Player[]): Promise<void> {
  for (const { tab } of players) tab.kill()
  await stage.simulation.runFor(2000)
}

test(
  'R29.1 a damaged file is set aside, every open is told so until the app decides, and a backup brings it back',
  inWorlds(3, async (stage) => {
    const backup = { every: 60_000, keep: 3 }
    const [a, b] = await stage.openAll(['A', 'B'], { backup })
    await stage.until(() => backupsOf(stage).length === 1)
    const first = await stage.settle(insert(b, 'named', { id: 'order-1' }))
    await fill(stage, a)
    await stage.until(() => backupsOf(stage).length === 2, 100_000)
    const kept = await stage.values(a)
    await stage.settle(insert(a, 'after the backup'))
    await stage.simulation.runFor(3000)
    await closeAll(stage, [a, b])
    const damaged = () => stage.simulation.disk.bytes(FILE)
    ruin(stage)
    const raw = damaged()

    const app = stage.world.tab('C')
    for (let i = 0; i < 2; i++) {
      const opened = stage.watch(app.open())
      await stage.ended(opened)
      expect(opened.error).toBeInstanceOf(StorageCorruptError)
      expect(opened.error).toMatchObject({ outcome: 'not-applied', backup: true })
    }
    const other = stage.watch(stage.world.tab('D').open())
    await stage.ended(other)
    expect(other.error?.code).toBe('STORAGE_CORRUPT')

    const recovery = await stage.settle(app.recover())
    expect(recovery.damaged).toHaveLength(1)
    const { name = '' } = recovery.damaged[0] ?? {}
    expect(nameIn(other.error)).toBe(name)
    const { database } = await stage.settle(recovery.damagedBytes(name))
    expect(new Uint8Array(await database.arrayBuffer())).toEqual(raw)

    await stage.settle(recovery.restore())
    const again = await stage.open('C', { backup })
    expect(await stage.values(again)).toEqual(kept)
    expect(await stage.settle(again.db.values('pragma integrity_check'))).toEqual([['ok']])
    expect(await stage.settle(insert(again, 'named', { id: 'order-1' }))).toMatchObject({
      lastInsertRowid: first.lastInsertRowid,
    })
    expect(asideOf(stage)).toHaveLength(2)
    const refused = stage.watch(recovery.restore())
    await stage.ended(refused)
    expect(refused.error?.code).toBe('RECOVERY_REFUSED')

    await stage.settle(again.db.destroy())
    expect(stage.simulation.disk.paths).toEqual([])
  }),
  LIMIT,
)

function nameIn(error: unknown): string | undefined {
  return error instanceof StorageCorruptError ? error.quarantined : undefined
}

test(
  'R29.1 damage that a statement meets ends the epoch, and every waiting call of every tab, with an outcome',
  inWorlds(3, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'], { replica: 'never' })
    await fill(stage, a)
    const { incarnation } = await stage.settle(a.db.status())
    // The primary has pages in its cache: the next one reads them from the file.
    await closeAll(stage, [a])
    const file = stage.simulation.disk.bytes(FILE)?.length ?? 0
    expect(file).toBeGreaterThan(8 * PAGE_SIZE)
    await stage.settle(b.db.values('select 1'))
    await closeAll(stage, [b])
    const c = await stage.open('C', { replica: 'never' })
    const d = await stage.open('D', { replica: 'never' })
    expect((await stage.settle(d.db.status())).incarnation).toBe(incarnation)
    ruin(stage, 5)
    const told = { storage: 0 }
    d.db.on('storage', () => void told.storage++)
    const calls = [
      stage.watch(d.db.values('select sum(length(v)) from t')),
      stage.watch(insert(c, 'x'.repeat(3000))),
      stage.watch(d.db.run('update t set v = v || 1')),
    ]
    for (const call of calls) await stage.ended(call)
    expect(calls.map(({ error }) => error?.code)).toEqual(calls.map(() => 'STORAGE_CORRUPT'))
    expect(calls[0]?.error?.outcome).toBeUndefined()
    expect(['not-applied', 'unknown']).toContain(calls[2]?.error?.outcome)
    await stage.rest()
    expect(told.storage).toBeGreaterThan(0)
    // The handles are at an end; nothing is made in the place of the database.
    const late = stage.watch(insert(d, 'late'))
    await stage.ended(late)
    expect(late.error).toMatchObject({ code: 'STORAGE_CORRUPT', outcome: 'not-applied' })
    expect(stage.simulation.disk.exists(FILE)).toBe(false)

    const recovery = await stage.settle(stage.world.tab('E').recover())
    expect(recovery.backups).toEqual([])
    const restored = stage.watch(recovery.restore())
    await stage.ended(restored)
    expect(restored.error?.code).toBe('RECOVERY_REFUSED')
    await stage.settle(recovery.startEmpty())
    const anew = await stage.open('E')
    expect(await stage.values(anew)).toEqual([])
    expect(asideOf(stage)).toHaveLength(2)
  }),
  LIMIT,
)

test(
  'R29.1 a replica that is not sound has the file looked through, and is made anew where that is sound',
  inWorlds(3, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    await fill(stage, a)
    const expected = await stage.values(a)
    const { epoch } = await stage.settle(b.db.status())
    const replica = stage.world.shared.replicas.find(({ context }) => context.name.startsWith('B'))?.replica
    if (replica === undefined || replica.position === null) throw new Error('B has no replica')
    const { numbers, bytes, databaseSize } = replica.readPages(1, 100)
    bytes.fill(0xff, PAGE_SIZE)
    replica.applyDelta({ numbers, bytes, databaseSize }, replica.position)
    expect(await stage.values(b)).toEqual(expected)
    await stage.rest()
    const status = await stage.settle(b.db.status())
    expect(status.epoch).toBeGreaterThan(epoch)
    expect(status.replica).toBe('ready')
    expect(await stage.values(b)).toEqual(expected)
    expect(stage.world.differingReplicas()).toEqual([])
    expect(asideOf(stage)).toEqual([])
  }),
  LIMIT,
)

test(
  'R29.2 one tab at a time makes a backup while all write; only new versions are kept, and the rhythm outlives tabs',
  inWorlds(3, async (stage) => {
    const backup = { every: 60_000, keep: 2 }
    const [a, b, c] = await stage.openAll(['A', 'B', 'C'], { backup })
    await stage.until(() => backupsOf(stage).length === 1)
    const atOnce = backupsOf(stage)
    // Nothing was written: there is nothing new to keep.
    await stage.simulation.runFor(130_000)
    expect(backupsOf(stage)).toEqual(atOnce)
    for (let round = 0; round < 3; round++) {
      const writes = [insert(a, `a${round}`), insert(b, `b${round}`), insert(c, `c${round}`)]
      await stage.settle(Promise.all(writes))
      await stage.simulation.runFor(70_000)
    }
    expect(backupsOf(stage)).toHaveLength(2)
    const { backup: known } = await stage.settle(b.db.status())
    expect(known).toMatchObject({ problem: null, version: b.db.version })
    await stage.settle(insert(a, 'the last'))
    const older = backupsOf(stage)[1]
    await stage.until(() => backupsOf(stage)[1] !== older, 100_000)
    const kept = backupsOf(stage)
    await closeAll(stage, [a, b, c])
    const d = await stage.open('D', { backup })
    await stage.settle(insert(d, 'soon after'))
    await stage.simulation.runFor(20_000)
    expect(backupsOf(stage)).toEqual(kept)
    await stage.simulation.runFor(60_000)
    expect(backupsOf(stage)).not.toEqual(kept)
  }),
  LIMIT,
)

test(
  'R29.2 without a replica of its own a tab copies all the same, and a backup that does not fit is told of',
  inWorlds(2, async (stage) => {
    const backup = { every: 60_000, keep: 2 }
    const [a, b] = await stage.openAll(['A', 'B'], { backup, replica: 'never' })
    await stage.until(() => backupsOf(stage).length === 1)
    await fill(stage, b)
    const { disk } = stage.simulation
    const used = disk.paths.reduce((sum, path) => sum + (disk.bytes(path)?.length ?? 0), 0)
    disk.quota = used + 8 * PAGE_SIZE
    const kept = backupsOf(stage)
    await stage.simulation.runFor(130_000)
    expect(backupsOf(stage)).toEqual(kept)
    const problems = [await stage.settle(a.db.status()), await stage.settle(b.db.status())]
    expect(problems.map(({ backup: told }) => told?.problem)).toContain('full')
    await stage.settle(insert(a, 'still written'))
    disk.quota = Number.POSITIVE_INFINITY
    await stage.simulation.runFor(130_000)
    expect(backupsOf(stage).length).toBe(2)
    expect(await stage.values(b)).toContain('still written')
  }),
  LIMIT,
)

/** Calls `attempt` with 1, 2, 3 … until it says that nothing was left to go wrong. */
async function forEachOperation(attempt: (stage: Stage, n: number) => Promise<boolean>): Promise<number> {
  for (let n = 1; n < 300; n++) {
    const world = await ClusterWorld.create(n)
    try {
      if (!(await attempt(new Stage(world), n))) return n - 1
    } finally {
      world.close()
    }
  }
  throw new Error('there is no end of it')
}

test(
  'R29.2 a power cut at any operation of a backup leaves no half one that is offered, and the older one stays',
  async () => {
    const cuts = await forEachOperation(async (stage, n) => {
      const backup = { every: 10_000, keep: 1 }
      const [a] = await stage.openAll(['A'], { backup })
      await stage.settle(insert(a, 'kept'))
      await stage.until(() => backupsOf(stage).length === 1)
      const older = backupsOf(stage)
      await stage.settle(insert(a, 'new'))
      await stage.simulation.runFor(3000)
      const { disk } = stage.simulation
      const before = disk.faults.operations
      disk.faults.failAt(n, 'throw', { lasting: true })
      const hit = () => disk.faults.operations - before >= n
      const done = () => backupsOf(stage)[0] !== older[0]
      await stage.simulation.run({ until: () => hit() || done(), maxTime: 60_000 })
      const reached = hit()
      stage.simulation.powerCut()
      disk.faults.heal()
      ruin(stage, 0)
      const app = stage.world.tab('R')
      const opened = stage.watch(app.open())
      await stage.ended(opened)
      expect(opened.error).toMatchObject({ code: 'STORAGE_CORRUPT', backup: true })
      const recovery = await stage.settle(app.recover())
      for (const { name } of recovery.backups) {
        const bytes = await stage.settle(recovery.backupBytes(name))
        expect(bytes.size % PAGE_SIZE).toBe(0)
      }
      await stage.settle(recovery.restore())
      const reader = await stage.open('R')
      expect((await stage.values(reader))[0] ?? 'kept').toBe('kept')
      return reached
    })
    expect(cuts).toBeGreaterThan(3)
  },
  LIMIT,
)

test(
  'R29.1 a crash at any operation of setting aside or restoring loses nothing, and it can be done again',
  async () => {
    const crashes = await forEachOperation(async (stage, n) => {
      const backup = { every: HOUR, keep: 3 }
      const [a] = await stage.openAll(['A'], { backup })
      await stage.settle(insert(a, 'kept'))
      await stage.until(() => backupsOf(stage).length === 1)
      await closeAll(stage, [a])
      ruin(stage, 0)
      const raw = stage.simulation.disk.bytes(FILE)
      const { disk } = stage.simulation
      const before = disk.faults.operations
      disk.faults.failAt(n, 'throw', { lasting: true })
      const broken = stage.world.tab('B')
      // Whatever it answers: it dies then.
      await stage.ended(stage.watch(broken.open()))
      const recovering = stage.watch(broken.recover().then((found) => found.restore()))
      await stage.ended(recovering)
      const hit = disk.faults.operations - before >= n
      stage.simulation.tab('B').kill()
      await stage.simulation.runFor(2000)
      disk.faults.heal()

      const app = stage.world.tab('C')
      const opened = stage.watch(app.open())
      await stage.ended(opened)
      expect([undefined, 'STORAGE_CORRUPT']).toContain(opened.error?.code)
      if (opened.error !== undefined) await stage.settle((await stage.settle(app.recover())).restore())
      const recovery = await stage.settle(app.recover())
      expect(recovery.damaged).toHaveLength(1)
      const { database } = await stage.settle(recovery.damagedBytes(recovery.damaged[0]?.name ?? ''))
      expect(new Uint8Array(await database.arrayBuffer())).toEqual(raw)
      const reader = await stage.open('C')
      expect(await stage.settle(reader.db.values('pragma integrity_check'))).toEqual([['ok']])
      return hit
    })
    expect(crashes).toBeGreaterThan(3)
  },
  LIMIT,
)

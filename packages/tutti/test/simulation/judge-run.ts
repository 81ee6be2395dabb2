import type { Database } from '../../src/page/database.ts'
import type { Sqlite } from '../../src/sqlite/sqlite.ts'
import { MemoryDevice } from '../../src/storage/memory-device.ts'
import { createMemoryStore } from '../../src/storage/memory-store.ts'
import { openPrimaryConnection } from '../../src/storage/primary-connection.ts'
import { checkHistory } from '../history/check-history.ts'
import type { HistoryRecord } from '../history/history.ts'
import { heardVersions } from '../history/judge-recording.ts'
import { type LogEntry, toCommitted } from '../history/recording.ts'
import { MIGRATIONS } from '../history/workload.ts'
import type { ClusterWorld } from './cluster-world.ts'
import { type Run, SETTLED_WITHIN } from './run-script.ts'
import type { Script } from './script.ts'

export interface Complaint {
  readonly kind: string
  readonly detail: string
}

/** Errors that no fault of a script gives a reason for. */
const UNFOUNDED = [
  'DATABASE_DELETED',
  'INTERNAL',
  'STORAGE_CORRUPT',
  'OUTDATED',
  'SCHEMA_AHEAD',
  'OUTCOME_UNKNOWN',
]

/** Ends the run as its script says, and compares what everybody was told with what is there. */
export async function judgeRun(run: Run): Promise<Complaint[]> {
  const { script, world, history } = run
  const { simulation } = world
  const powerCut = script.ending === 'power cut'
  // A transaction of IndexedDB is there or not, and it is answered when it is.
  const before = powerCut && script.storage === 'opfs' ? logOnDisk(world) : undefined
  if (powerCut) simulation.powerCut()
  if (script.ending === 'browser killed') simulation.killBrowser()
  const { log, complaints } = await lastWord(run)
  // Calls were answered from what there was before the power went; what had to outlast it is another question.
  const judged = before ?? log
  const heard = heardVersions(run.heard, judged)
  complaints.push(...heard.violations)
  const committed = judged.map((entry) => toCommitted(entry, heard.versions.get(entry.id) ?? null))
  complaints.push(...checkHistory(history.records, committed).violations)
  complaints.push(...unfounded(script, history.records), ...badBackups(world, judged))
  if (before !== undefined) complaints.push(...lostByPowerCut(run, before, log))
  return complaints
}

function unfounded({ storage, faults }: Script, records: readonly HistoryRecord[]): Complaint[] {
  const lockless = faults.filter(({ kind }) => kind === 'cache without locks').map(({ tab }) => tab)
  const asked = new Map<string, number>()
  const requests = new Map<string, string>()
  return records.flatMap((record) => {
    if (record.kind === 'invoke' && record.request !== undefined) {
      requests.set(record.id, record.request)
      asked.set(record.request, (asked.get(record.request) ?? 0) + 1)
    }
    if (record.kind !== 'fail' || !UNFOUNDED.includes(record.code)) return []
    // In memory a database is gone with its primary before there is a replica; what was acknowledged counts as lost.
    if (storage === 'memory' && record.code === 'DATABASE_DELETED') return []
    // Whoever asks again may have got another member's name meanwhile, and be told that nobody knows (R15).
    const again = (asked.get(requests.get(record.id) ?? '') ?? 0) > 1
    if (again && record.code === 'OUTCOME_UNKNOWN') return []
    // Whoever lost its life lock was buried, and what it asked then is never run (R15).
    if (lockless.includes(record.tab.slice(0, 1)) && record.code === 'OUTCOME_UNKNOWN') return []
    return [{ kind: 'unfounded error', detail: `${record.id} ended in ${record.code}` }]
  })
}

const NOTHING = new Uint8Array()
const BACKUP = /\.backup-.*\.sqlite3$/

/** What the files hold as processes see them, in the order of the commits. */
function logOnDisk({ simulation: { disk }, shared }: ClusterWorld): LogEntry[] {
  const path = disk.paths.find((each) => each.endsWith('.sqlite3') && !BACKUP.test(each)) ?? ''
  return lookInto(shared.sqlite, disk.bytes(path), disk.bytes(`${path}-wal`)).log
}

/** R29.2: a backup is sound, and all that was there at some time. */
function badBackups({ simulation: { disk }, shared }: ClusterWorld, log: readonly LogEntry[]): Complaint[] {
  const wrongWith = (path: string): string | undefined => {
    try {
      const backup = lookInto(shared.sqlite, disk.bytes(path))
      if (backup.check !== 'ok') return backup.check
      const strange = backup.log.find(({ request }, index) => log[index]?.request !== request)
      return strange && `${strange.request} was never there`
    } catch (error) {
      return String(error)
    }
  }
  return disk.paths.flatMap((path) => {
    const wrong = BACKUP.test(path) ? wrongWith(path) : undefined
    return wrong === undefined ? [] : [{ kind: 'bad backup', detail: `${path}: ${wrong}` }]
  })
}

function lookInto(sqlite: Sqlite, main: Uint8Array = NOTHING, wal: Uint8Array = NOTHING) {
  const device = (bytes: Uint8Array) => {
    const copy = new MemoryDevice()
    copy.write(bytes, 0)
    return copy
  }
  const { connection, close } = openPrimaryConnection(sqlite, createMemoryStore(device(main), device(wal)))
  try {
    const check = String(connection.scalar('pragma integrity_check'))
    if (check !== 'ok') return { check, log: [] }
    const there = connection.scalar("select count(*) from sqlite_schema where name = 'log'")
    if (there === 0) return { check, log: [] }
    const rows = connection.rows('select id, request, tab, epoch, reads, writes from log order by id')
    const log = rows.map(([id, request, tab, epoch, reads, writes]) => {
      return { id, request, tab, epoch, reads, writes } as unknown as LogEntry
    })
    return { check, log }
  } finally {
    close()
  }
}

/** R20: what was acknowledged without having been flushed may be gone, from the end backwards; nothing else. */
function lostByPowerCut(
  { history, durability, flushed, heard }: Run,
  before: readonly LogEntry[],
  after: readonly LogEntry[],
): Complaint[] {
  const places = new Map(before.map(({ request }, index) => [request, index + 1]))
  const differs = after.findIndex(({ request }, index) => before[index]?.request !== request)
  if (differs >= 0)
    return [{ kind: 'resurrected', detail: `${after[differs]?.request} was not there before the power cut` }]
  const requests = new Map<string, string>()
  const allFull = [...durability.values()].every((each) => each === 'full')
  let [safe, because] = [0, '']
  const count = (place: number, why: string) => {
    if (place > safe) [safe, because] = [place, why]
  }
  history.records.forEach((record, index) => {
    if (record.kind === 'invoke') requests.set(record.id, record.request ?? '')
    if (record.kind !== 'ok') return
    const flushedLater = flushed.some(({ tab, upTo }) => tab === record.tab && index < upTo)
    if (record.op === 'write' && (durability.get(record.tab) === 'full' || flushedLater))
      count(places.get(requests.get(record.id) ?? '') ?? 0, `${record.id} was acknowledged`)
    // A version is stable, and may be read, only when it is flushed.
    if (record.op === 'read' && allFull) count(record.size ?? 0, `${record.id} had read it`)
  })
  if (allFull) for (const { ids, tab } of heard) count(Math.max(...ids), `${tab} had heard of it`)
  if (after.length >= safe) return []
  return [{ kind: 'lost-by-power-cut', detail: `of ${safe} commits ${after.length} are left; ${because}` }]
}

/** Reads what the database holds in the end, in a fresh tab. */
async function lastWord({
  script,
  world,
}: Run): Promise<{ log: readonly LogEntry[]; complaints: Complaint[] }> {
  const { simulation } = world
  const settle = <T>(promise: Promise<T>) => simulation.settle(promise, SETTLED_WITHIN)
  const reader = world.tab('reader')
  const db: Database = await settle(reader.open({ migrations: MIGRATIONS, storage: [script.storage] }))
  const log = await settle(db.all<LogEntry>('select * from log order by id'))
  const [check] = await settle(db.values('pragma integrity_check'))
  const complaints: Complaint[] = []
  if (check?.[0] !== 'ok') complaints.push({ kind: 'integrity_check', detail: String(check?.[0]) })
  // Whoever lives follows: give the last commits the time to arrive.
  await simulation.runFor(1000)
  for (const detail of world.differingReplicas()) complaints.push({ kind: 'replicas differ', detail })
  return { log, complaints }
}

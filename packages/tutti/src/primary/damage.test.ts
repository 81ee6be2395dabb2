import { describe, expect, it } from 'vitest'
import { StorageCorruptError } from '../errors/errors.ts'
import { parseRequestId } from '../protocol/request-key.ts'
import type { StorageKind } from '../protocol/values.ts'
import { SqliteFailure } from '../sqlite/sqlite-failure.ts'
import type { Device } from '../storage/device.ts'
import { MemoryDevice } from '../storage/memory-device.ts'
import { createMemoryStore } from '../storage/memory-store.ts'
import { PAGE_SIZE } from '../storage/page-size.ts'
import { FRAME_SIZE, frameOffset, WAL_HEADER_SIZE } from '../storage/wal-format.ts'
import { restoredImage } from './restored-image.ts'
import { EngineFixture, sharedSqlite } from './testing/engine-fixture.ts'

const LIMIT = 300_000
const TABLE = [{ name: '1 t', sql: 'create table t(n integer primary key, v, k); create index t_k on t(k)' }]
const COMMITS = 24
const HEADER = 100

interface Files {
  readonly kind: StorageKind
  readonly main: Uint8Array
  readonly wal: Uint8Array
}

/** Where the pages are: in the log, in the file, in both, or some here and some there. */
type Layout = 'in the log' | 'in the file' | 'in both' | 'here and there'

/** The files of a database whose every commit was flushed, as a killed browser leaves them. */
async function filesOf(layout: Layout, kind: StorageKind = 'memory'): Promise<Files> {
  const store = { ...createMemoryStore(), kind }
  const fixture = await EngineFixture.open({ store, migrations: TABLE })
  const { engine } = fixture
  for (let n = 1; n <= COMMITS; n++) {
    fixture.run('insert into t values (?, ?, ?)', [n, valueOf(n), (n * 7919) % 1000])
    engine.flushed(engine.version)
    if (layout === 'here and there' && n === COMMITS / 2) engine.checkpoint()
  }
  if (layout === 'in the file' || layout === 'in both') engine.checkpoint()
  const files = { kind, main: bytesOf(store.main), wal: bytesOf(store.wal) }
  engine.close()
  return layout === 'in the file' ? { ...files, wal: new Uint8Array() } : files
}

const valueOf = (n: number) => `row ${n} ${'x'.repeat(600)}`

function bytesOf(device: Device): Uint8Array {
  const bytes = new Uint8Array(device.size())
  device.read(bytes, 0)
  return bytes
}

function deviceOf(bytes: Uint8Array): Device {
  const device = new MemoryDevice()
  device.write(bytes, 0)
  return device
}

function flipped(bytes: Uint8Array, at: number, mask: number): Uint8Array {
  const copy = bytes.slice()
  copy[at] = (copy[at] ?? 0) ^ mask
  return copy
}

/** What an app would find: damage, the first so many rows of `t`, or what it must never be given. */
async function find({ kind, main, wal }: Files, check = false): Promise<number | 'damaged' | 'wrong'> {
  const store = { ...createMemoryStore(deviceOf(main), deviceOf(wal)), kind }
  let fixture: EngineFixture | undefined
  try {
    fixture = await EngineFixture.open({ store, migrations: TABLE, check })
    const counted = fixture.values('select count(*) from t indexed by t_k where k >= 0')
    const rows = fixture.values('select n, v from t order by n')
    const right = rows.every(([n, v], i) => n === i + 1 && v === valueOf(i + 1))
    return right && counted[0]?.[0] === rows.length ? rows.length : 'wrong'
  } catch (error) {
    if (error instanceof StorageCorruptError) return 'damaged'
    throw error
  } finally {
    fixture?.engine.close()
  }
}

/** The offsets that make a page what it is: its header, and where its cells are. What is in a row is not among them. */
function structureOf(main: Uint8Array, page: number): number[] {
  const start = page * PAGE_SIZE
  const own = page === 0 ? HEADER : 0
  const kind = main[start + own]
  if (kind !== 2 && kind !== 5 && kind !== 10 && kind !== 13) return []
  const header = kind === 2 || kind === 5 ? 12 : 8
  const cells = new DataView(main.buffer, start + own).getUint16(3)
  return Array.from({ length: header + 2 * cells }, (_, i) => start + own + i)
}

/** A frame's checksum: what the next frame is verified by, too. */
const SUM = new Set([16, 17, 18, 19, 20, 21, 22, 23])

function offsetInFrame(at: number): number {
  return (at - WAL_HEADER_SIZE) % FRAME_SIZE
}

describe('R29.1 damage is noticed, never taken for data', () => {
  it.each(['in the log', 'in both', 'here and there'] as const)(
    'a byte of the log: pages are %s',
    { timeout: LIMIT },
    async (layout) => {
      const files = await filesOf(layout)
      const seen = { damaged: 0, whole: 0, last: 0 }
      const frames = Math.floor((files.wal.length - WAL_HEADER_SIZE) / FRAME_SIZE)
      const inFrame = [0, 3, 7, 9, 17, 24, 700, 4119]
      const offsets = Array.from({ length: WAL_HEADER_SIZE }, (_, i) => i)
      for (let frame = 1; frame <= frames; frame++) {
        offsets.push(...inFrame.map((offset) => frameOffset(frame) + offset))
      }
      for (const at of offsets) {
        const found = await find({ ...files, wal: flipped(files.wal, at, 0x11) })
        if (found === 'damaged') seen.damaged++
        else if (found === COMMITS) seen.whole++
        else seen.last++
        // What was flushed last has nothing behind it that tells of it, as long as it is in the log alone.
        const unseen = layout === 'in both' ? 0 : SUM.has(offsetInFrame(at)) ? 2 : 1
        const allowed = ['damaged', ...[COMMITS, COMMITS - 1, COMMITS - 2].slice(0, unseen + 1)]
        expect(allowed, `byte ${at}`).toContain(found)
      }
      expect(seen.damaged).toBeGreaterThan(offsets.length / 2)
      expect(seen.last > 0).toBe(layout !== 'in both')
    },
  )

  it('the header and the structure of every page of the file', { timeout: LIMIT }, async () => {
    const files = await filesOf('in the file')
    const { main } = files
    const offsets = Array.from({ length: HEADER }, (_, i) => i)
    for (let page = 0; page < main.length / PAGE_SIZE; page++) offsets.push(...structureOf(main, page))
    let later = 0
    for (const at of offsets) {
      for (const mask of [0x01, 0xff]) {
        const damaged = { ...files, main: flipped(main, at, mask) }
        const found = await find(damaged)
        if (found === 'damaged' || found === COMMITS) continue
        // What SQLite does not notice while it reads, it does when it looks for it.
        expect(await find(damaged, true), `byte ${at}`).toBe('damaged')
        later++
      }
    }
    expect(offsets.length).toBeGreaterThan(200)
    expect(later).toBeLessThan(offsets.length / 4)
  })

  it.each(['in the log', 'in the file', 'in both', 'here and there'] as const)(
    'the file ends early: pages are %s',
    { timeout: LIMIT },
    async (layout) => {
      const files = await filesOf(layout)
      let damaged = 0
      for (let size = 0; size < files.main.length; size += PAGE_SIZE / 2) {
        const found = await find({ ...files, main: files.main.slice(0, size) })
        // An empty file without a log is a new one.
        const isNew = size === 0 && files.wal.length === 0
        if (isNew) continue
        if (found === 'damaged') damaged++
        expect(['damaged', COMMITS], `${size} bytes`).toContain(found)
      }
      expect(damaged).toBeGreaterThan(0)
    },
  )

  // Before the first checkpoint nothing outside the log says that there ever was one.
  it.each(['in both', 'here and there'] as const)(
    'the log ends early, where room was reserved for it: pages are %s',
    { timeout: LIMIT },
    async (layout) => {
      const files = await filesOf(layout, 'opfs')
      for (const frame of [1, 2, 12, 20, 30, 40, 60]) {
        const wal = files.wal.slice(0, frameOffset(frame))
        const found = await find({ ...files, wal })
        expect(['damaged', COMMITS], `before frame ${frame}`).toContain(found)
      }
    },
  )
})

it('R29.1 leaves what it found damaged as it was, byte by byte', { timeout: LIMIT }, async () => {
  const { main, wal } = await filesOf('in both')
  // Up to here the log can be read, and to copy that into the file would undo what came after it.
  const damaged = flipped(wal, frameOffset(20) + 700, 1)
  const store = createMemoryStore(deviceOf(main), deviceOf(damaged))
  await expect(EngineFixture.open({ store, migrations: TABLE })).rejects.toThrow(StorageCorruptError)
  expect(Buffer.compare(bytesOf(store.main), main)).toBe(0)
  expect(Buffer.compare(bytesOf(store.wal), damaged)).toBe(0)
})

describe('R29.1 what is restored', () => {
  const imageOf = async (files: Pick<Files, 'main' | 'wal'>) =>
    Buffer.concat(restoredImage(await sharedSqlite(), files, 'f'.repeat(32)))

  it('is a database of its own, which knows the ids that it knew', { timeout: LIMIT }, async () => {
    const store = createMemoryStore()
    const fixture = await EngineFixture.open({ store, migrations: TABLE })
    const request = fixture.request({ key: parseRequestId('order-1') })
    const first = fixture.run('insert into t values (1, ?, 1)', [valueOf(1)], request)
    const { incarnation, version } = fixture.engine
    const image = await imageOf({ main: bytesOf(store.main), wal: bytesOf(store.wal) })
    const restoredStore = createMemoryStore(deviceOf(image))
    const restored = await EngineFixture.open({ store: restoredStore, migrations: TABLE })
    expect(restored.engine.incarnation).not.toBe(incarnation)
    expect(restored.engine.version).toBe(version + 1)
    const again = restored.run('insert into t values (1, ?, 1)', [valueOf(1)], request)
    expect([again.results, again.commit]).toEqual([first.results, null])
  })

  it('may be what can be read of damaged files, and is nothing that is not sound', {
    timeout: LIMIT,
  }, async () => {
    const { main, wal } = await filesOf('in the log')
    const image = await imageOf({ main, wal: flipped(wal, frameOffset(40) + 700, 1) })
    const found = await find({ kind: 'opfs', main: image, wal: new Uint8Array() })
    expect(found).toBeGreaterThan(0)
    expect(found).toBeLessThan(COMMITS)
    const file = await filesOf('in the file')
    const ruined = flipped(file.main, 5 * PAGE_SIZE, 0xff)
    await expect(imageOf({ main: ruined, wal: new Uint8Array() })).rejects.toThrow(SqliteFailure)
  })
})

describe('R29.1 what a power cut leaves is not taken for damage', () => {
  it('frames that were never flushed may be missing in any part', { timeout: LIMIT }, async () => {
    const store = createMemoryStore()
    const fixture = await EngineFixture.open({ store, migrations: TABLE })
    fixture.run('insert into t values (1, ?, 1)', [valueOf(1)])
    fixture.engine.flushed(fixture.engine.version)
    const flushed = bytesOf(store.wal).length
    for (let n = 2; n <= 6; n++) fixture.run('insert into t values (?, ?, ?)', [n, valueOf(n), n])
    const files: Files = { kind: 'memory', main: bytesOf(store.main), wal: bytesOf(store.wal) }
    fixture.engine.close()
    for (let at = flushed; at < files.wal.length; at += 512) {
      const wal = files.wal.slice()
      wal.fill(0, at, at + 512)
      const found = await find({ ...files, wal })
      expect(found, `byte ${at}`).toBeGreaterThan(0)
    }
  })
})

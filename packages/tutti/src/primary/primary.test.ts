import { describe, expect, test } from 'vitest'
import { AbortedError, MigrationMismatchError, StorageCorruptError } from '../errors/errors.ts'
import type { Platform } from '../platform/platform.ts'
import { createSimulation } from '../platform/simulated.ts'
import type { EveryoneMessage, MemberInfo, ToMember, ToPrimary } from '../protocol/messages.ts'
import { databaseNames } from '../protocol/names.ts'
import type { FromPrimaryWorker, MemberOptions } from '../protocol/page-messages.ts'
import { DeviceFullError } from '../storage/checked-io.ts'
import { createMemoryStore } from '../storage/memory-store.ts'
import { FencedError, type Store } from '../storage/store.ts'
import { type Engine, EngineBroken } from './engine.ts'
import { Primary } from './primary.ts'

const names = await databaseNames('u', 'd')

const MEMBER = 'a'.repeat(32)
const INFO: MemberInfo = {
  member: MEMBER,
  visible: true,
  url: '',
  title: '',
  build: '',
  schema: 0,
  replica: 'none',
  writeWhenAhead: false,
}
const REQUEST = {
  type: 'request',
  member: MEMBER,
  epoch: 1,
  seq: 1,
  key: { owner: MEMBER, seq: 1 },
  expires: Number.MAX_SAFE_INTEGER,
  timeout: 1000,
  durability: 'full',
  call: { op: 'statement', sql: 'delete from t', rows: 'none' },
} as const

/** A primary whose engine has no SQL, and whose storage does what `store` says. */
function starting(
  store: Partial<Store> = {},
  createEngine?: () => Promise<Engine>,
  otherLocks: (platform: Platform) => Partial<Platform['locks']> = () => ({}),
  more: Partial<Engine> = {},
) {
  const world = createSimulation({ seed: 1 })
  const { platform: whole } = world.tab('P').context('primary')
  const platform: Platform = { ...whole, locks: { ...whole.locks, ...otherLocks(whole) } }
  const told: FromPrimaryWorker[] = []
  const opened: string[] = []
  let epoch = 0
  const engine = () => {
    const made = {
      incarnation: 'i',
      epoch: ++epoch,
      version: epoch,
      databaseSize: 1,
      schema: 0,
      recovered: [],
    }
    return Promise.resolve({
      ...made,
      pruneOrphans: () => null,
      flushed: () => undefined,
      close: () => opened.push('closed'),
      recall: () => undefined,
      ...more,
    } as unknown as Engine)
  }
  const primary = new Primary({
    platform,
    options: { names, migrations: [] } as unknown as MemberOptions,
    id: 'p',
    host: 'm',
    expectedIncarnation: null,
    openStore: async () => {
      opened.push('opened')
      return { ...createMemoryStore(), kind: 'opfs', ...store }
    },
    deleteStore: () => Promise.resolve(),
    quarantine: () => Promise.resolve(new StorageCorruptError('set aside')),
    createEngine: createEngine ?? engine,
    isRevoked: () => false,
    tell: (message) => void told.push(message),
  })
  const ends = () => told.filter(({ type }) => type === 'ended')
  const outsider: Platform = world.tab('outsider').context('page').platform
  const announced: number[] = []
  outsider.channels.open<EveryoneMessage>(names.everyoneChannel, (message) => {
    if (message.type === 'announce') announced.push(message.epoch)
  })
  return { world, primary, told, ends, opened, outsider, announced }
}

describe('R5 a primary', () => {
  test('opens the files only when it holds the lock, and announces itself then', async () => {
    const { world, primary, told, opened, outsider, announced } = starting()
    const held = await world.settle(outsider.locks.request(names.primaryLock))
    void primary.run()
    await world.runFor(1000)
    expect([opened, announced]).toEqual([[], []])
    held.release()
    await world.runFor(200)
    expect([opened, announced]).toEqual([['opened'], [1]])
    expect(told).toContainEqual(expect.objectContaining({ type: 'serving' }))
  })

  test('ends when the lock is stolen, and closes what it had open', async () => {
    const { world, primary, ends, opened, outsider } = starting()
    void primary.run()
    await world.runFor(200)
    await world.settle(outsider.locks.request(names.primaryLock, { steal: true }))
    await world.runFor(200)
    expect([ends(), opened]).toEqual([[{ type: 'ended', retry: true }], ['opened', 'closed']])
  })

  test('is none where the lock is stolen before it knows that it has it', async () => {
    const { world, primary, ends, opened } = starting({}, undefined, ({ locks }) => ({
      request: (name, options) =>
        name === names.primaryLock
          ? Promise.reject(new DOMException('stolen', 'AbortError'))
          : locks.request(name, options),
    }))
    await world.settle(primary.run())
    await world.runFor(200)
    expect([ends(), opened]).toEqual([[{ type: 'ended', retry: true }], []])
    expect(world.locks.held(names.primaryLock)).toEqual([])
  })

  test('R7 lets go when it is told to, and frees its locks', async () => {
    const { world, primary, ends } = starting()
    void primary.run()
    await world.runFor(200)
    primary.handOver()
    await world.runFor(200)
    expect(ends()).toEqual([{ type: 'ended', retry: true }])
    expect(world.locks.held(names.primaryLock)).toEqual([])
  })
})

test('P3 a request that was refused is not run again when it is repeated, but refused once more, until that was heard', async () => {
  let runs = 0
  const execute = () => {
    runs++
    throw new AbortedError('cancelled', { outcome: 'not-applied' })
  }
  const { world, primary, outsider } = starting({}, undefined, () => ({}), { execute })
  void primary.run()
  await world.settle(outsider.locks.request(names.memberLockPrefix + MEMBER))
  await world.runFor(200)
  const refused: number[] = []
  outsider.channels.open<ToMember>(names.inboxPrefix + MEMBER, (message) => {
    if (message.type === 'answer' && message.error?.code === 'ABORTED') refused.push(message.seq)
  })
  const inbox = outsider.channels.open<ToPrimary>(`${names.inboxPrefix}p`, () => {})
  inbox.post({ type: 'join', info: INFO, position: null, expectedIncarnation: null })
  const ask = async (answered: number): Promise<void> => {
    inbox.post({ ...REQUEST, answered })
    await world.runFor(1000)
  }
  for (const answered of [0, 0, 1]) await ask(answered)
  expect([refused, runs]).toEqual([[1, 1, 1], 2])
})

test('R9 a member that gave its replica up while it had a lease, and made it anew, is waited for', async () => {
  const delta = { numbers: Uint32Array.of(1), bytes: new Uint8Array(4096), databaseSize: 1 }
  const changes = { all: true, tables: {} }
  const engine: Partial<Engine> = {
    version: 1,
    readPages: () => delta,
    reaches: () => false,
    execute(this: { version: number }) {
      this.version = 2
      return { results: [], version: 2, commit: { version: 2, delta, changes, rebuild: false } }
    },
  }
  const { world, primary, outsider } = starting({}, undefined, () => ({}), engine)
  void primary.run()
  const heard: string[] = []
  for (const member of [MEMBER, 'writer']) {
    await world.settle(outsider.locks.request(names.memberLockPrefix + member))
    outsider.channels.open<ToMember>(names.inboxPrefix + member, ({ type }) =>
      heard.push(`${member} ${type}`),
    )
  }
  await world.runFor(200)
  const inbox = outsider.channels.open<ToPrimary>(`${names.inboxPrefix}p`, () => {})
  const copy = { type: 'fetch', member: MEMBER, epoch: 1, want: { kind: 'pages', from: 1 } } as const
  const building = { ...INFO, replica: 'building' } as const
  inbox.post({ type: 'join', info: building, position: null, expectedIncarnation: null })
  inbox.post({ type: 'join', info: { ...INFO, member: 'writer' }, position: null, expectedIncarnation: null })
  inbox.post(copy)
  inbox.post({ type: 'lease', member: MEMBER, epoch: 1, asked: 0 })
  await world.runFor(50)
  inbox.post({ type: 'info', info: { ...INFO, replica: 'none' } })
  inbox.post({ type: 'info', info: building })
  inbox.post(copy)
  await world.runFor(50)
  expect(heard).toContain(`${MEMBER} lease`)
  inbox.post({ ...REQUEST, member: 'writer', key: { owner: 'writer', seq: 1 }, answered: 0 })
  await world.runFor(200)
  expect(heard).toContain(`${MEMBER} delta`)
  expect(heard).not.toContain('writer answer')
  inbox.post({ type: 'ack', member: MEMBER, epoch: 1, version: 2, complete: true })
  await world.runFor(50)
  expect(heard).toContain('writer answer')
})

test('hears the member of its own tab by their port, and answers there; others by their inboxes', async () => {
  const { world, primary, told, outsider } = starting()
  const broadcast: string[] = []
  const member = (name: string) =>
    outsider.channels.open<ToMember>(names.inboxPrefix + name, ({ type }) => {
      broadcast.push(`${name} ${type}`)
    })
  void primary.run()
  for (const name of ['host', 'other']) {
    member(name)
    await world.settle(outsider.locks.request(names.memberLockPrefix + name))
  }
  await world.runFor(200)
  const joining = (name: string) =>
    ({ type: 'join', info: { ...INFO, member: name }, position: null, expectedIncarnation: null }) as const
  primary.hearHost(joining('host'))
  outsider.channels.open<ToPrimary>(`${names.inboxPrefix}p`).post(joining('other'))
  await world.runFor(200)
  const byPort = told.flatMap((message) => (message.type === 'to-member' ? [message.post].flat() : []))
  expect(byPort.map(({ type }) => type)).toContain('welcome')
  expect(broadcast).toContain('other welcome')
  expect(broadcast.filter((line) => line.startsWith('host'))).toEqual([])
})

describe('a start that fails', () => {
  test('is not tried again where another one would fail alike', async () => {
    const { world, primary, ends, announced } = starting({}, () =>
      Promise.reject(new MigrationMismatchError('edited', { outcome: 'not-applied' })),
    )
    await world.settle(primary.run())
    await world.runFor(100)
    expect(ends()).toMatchObject([{ retry: false, error: { code: 'MIGRATION_MISMATCH' } }])
    expect([announced, world.locks.held(names.primaryLock)]).toEqual([[], []])
  })

  test('R17 is tried again where the storage failed, under a typed error that names the cause', async () => {
    const { world, primary, ends, announced } = starting({}, () =>
      Promise.reject(new EngineBroken(new Error('no such sector'))),
    )
    await world.settle(primary.run())
    expect(ends()).toMatchObject([{ retry: true, error: { code: 'STORAGE_FAILED' } }])
    expect(JSON.stringify(ends())).toContain('no such sector')
    await world.runFor(200)
    expect(announced).toEqual([])
  })

  test('R25 ends a database that was only to be made, where there is no room for it: nobody ever gets to know it', async () => {
    const { world, primary, ends, announced } = starting({
      flush: () => Promise.reject(new DeviceFullError('full')),
    })
    await world.settle(primary.run())
    await world.runFor(200)
    expect(ends()).toMatchObject([{ retry: false, error: { code: 'STORAGE_FULL', outcome: 'not-applied' } }])
    expect(announced).toEqual([])
  })

  test('R27 is left to the one that has claimed the storage: nothing is announced', async () => {
    const { world, primary, ends, announced } = starting({
      fence: () => Promise.reject(new FencedError('claimed')),
    })
    await world.settle(primary.run())
    await world.runFor(200)
    expect(ends()).toMatchObject([{ retry: true }])
    expect(announced).toEqual([])
  })
})

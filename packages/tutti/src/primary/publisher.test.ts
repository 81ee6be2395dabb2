import { describe, expect, test } from 'vitest'
import type { Stability } from '../cluster/stability.ts'
import { ManualClock } from '../platform/testing/manual-clock.ts'
import type { MemberInfo, ToMember, ToMemberPost } from '../protocol/messages.ts'
import type { Commit, Engine } from './engine.ts'
import { Publisher } from './publisher.ts'
import { Session } from './session.ts'

const MIB = 1024 * 1024
const CHANGES = { all: false, tables: {} }

function publishing(databaseSize = 3) {
  const engine = {
    epoch: 2,
    version: 5,
    databaseSize,
    recovered: [],
    readPages: (from: number, count: number) => {
      const numbers = Array.from({ length: Math.min(count, databaseSize - from + 1) }, (_, i) => from + i)
      return {
        numbers: Uint32Array.from(numbers),
        bytes: new Uint8Array(numbers.length * 4096),
        databaseSize,
      }
    },
  }
  const followers = new Map<string, number>()
  const stability = {
    follow: (member: string, version: number) => void followers.set(member, version),
    acknowledge: (member: string, version: number) => void followers.set(member, version),
    unfollow: (member: string) => void followers.delete(member),
  }
  const sessions: Session[] = []
  const idle = new Set<string>()
  const publisher = new Publisher({
    engine: engine as unknown as Engine,
    stability: stability as unknown as Stability,
    replicasAreTheStorage: false,
    lent: (member) => !idle.has(member),
    sessions: () => sessions,
  })
  const join = (member: string, bundles?: true) => {
    const posts: ToMemberPost[] = []
    const heard: ToMember[] = []
    const post = (made: ToMemberPost): void => {
      posts.push(made)
      heard.push(...[made].flat())
    }
    const channel = { post, close: () => undefined }
    const session = new Session({ member, bundles } as MemberInfo, channel, new ManualClock())
    sessions.push(session)
    return { session, posts, heard, types: () => heard.map(({ type }) => type) }
  }
  const commit = (size: number, rebuild = false) => {
    const version = ++engine.version
    const pages = size / 4096
    const numbers = Uint32Array.from({ length: pages }, (_, i) => i + 1)
    const delta = { numbers, bytes: new Uint8Array(size), databaseSize }
    const made: Commit = { version, delta, changes: CHANGES, rebuild }
    publisher.publish([{ commit: made, by: 'm' }])
    return version
  }
  return { publisher, followers, idle, join, commit, engine }
}

describe('a commit is sent', () => {
  test('R9 with its pages to those that follow, and its change set alone to the others', () => {
    const { publisher, join, commit } = publishing()
    const [one, other] = [join('one'), join('other')]
    publisher.begin(one.session)
    commit(4096)
    expect(one.heard).toMatchObject([{ type: 'delta', version: 6, epoch: 2, delta: { databaseSize: 3 } }])
    expect(other.heard).toMatchObject([{ type: 'delta', version: 6, delta: null, changes: CHANGES }])
  })

  test('R24 not where it is larger than 1 MiB, or would bring what is under way past 4 MiB', () => {
    const { publisher, join, commit } = publishing()
    const { session, types } = join('m')
    publisher.begin(session)
    for (let i = 0; i < 4; i++) commit(MIB)
    expect(types()).toEqual(['delta', 'delta', 'delta', 'delta'])
    commit(4096)
    expect(types().at(-1)).toBe('behind')
    expect(session.following).toBe(false)

    const large = join('large')
    publisher.begin(large.session)
    commit(MIB + 4096)
    expect(large.types()).toEqual(['behind'])
  })

  test('R24 again after acknowledgements have made room', () => {
    const { publisher, join, commit, followers } = publishing()
    const { session, types } = join('m')
    publisher.begin(session)
    for (let i = 0; i < 6; i++) publisher.acknowledged(session, commit(MIB), true)
    expect(new Set(types())).toEqual(new Set(['delta']))
    expect(followers.get('m')).toBe(11)
  })

  test('R9 R24 and one that fetched it stays a follower, though it says late that it was behind', () => {
    const { publisher, join, commit, followers } = publishing()
    const { session } = join('m')
    publisher.begin(session)
    const version = commit(MIB + 4096)
    publisher.serveDelta(session, { kind: 'deltas', after: version - 1 })
    publisher.acknowledged(session, version, false)
    expect(followers.get('m')).toBe(version)
  })

  test('R9 to one that has no lease with the next word to it, and in one post', () => {
    const { publisher, idle, join, commit } = publishing()
    const { session, posts } = join('m', true)
    publisher.begin(session)
    idle.add('m')
    commit(4096)
    commit(4096)
    expect(posts).toEqual([])
    session.post({ type: 'stable', epoch: 2, version: 7 })
    expect(posts).toMatchObject([
      [{ type: 'delta', version: 6 }, { type: 'delta', version: 7 }, { type: 'stable' }],
    ])
    idle.delete('m')
    commit(4096)
    expect(posts).toHaveLength(2)
  })

  test('R9 R11 to one that is about to have one, first', () => {
    const { publisher, idle, join, commit } = publishing()
    const { session, types } = join('m')
    publisher.begin(session)
    idle.add('m')
    commit(4096)
    expect(types()).toEqual([])
    publisher.catchUp()
    expect(types()).toEqual(['delta'])
  })

  test('in one post with those that it shares its flush with', () => {
    const { publisher, join } = publishing()
    const { session, posts } = join('m', true)
    publisher.begin(session)
    const delta = { numbers: Uint32Array.of(1), bytes: new Uint8Array(4096), databaseSize: 3 }
    const made = (version: number) => ({
      commit: { version, delta, changes: CHANGES, rebuild: false },
      by: `m${version}`,
    })
    publisher.publish([])
    publisher.publish([made(6), made(7)])
    publisher.publish([made(8)])
    expect(posts).toMatchObject([
      [
        { version: 6, by: 'm6' },
        { version: 7, by: 'm7' },
      ],
      { version: 8 },
    ])
    expect([publisher.version, session.unacknowledged.length]).toEqual([8, 3])
  })

  test('R2 as a rebuild after an import, for every member', () => {
    const { publisher, join, commit } = publishing()
    const [one, other] = [join('one'), join('other')]
    publisher.begin(one.session)
    const version = commit(4096, true)
    for (const { heard } of [one, other]) expect(heard).toMatchObject([{ type: 'rebuild', version }])
    expect(publisher.follow(version - 1)).toBe('rebuild')
  })
})

test('a member that takes pieces of pages gets what changed, one of an older build whole pages', () => {
  const { publisher, join, commit } = publishing()
  const [newer, older] = [join('newer', true), join('older')]
  for (const { session } of [newer, older]) publisher.begin(session)
  commit(8192)
  commit(8192)
  expect(newer.heard.at(-1)).toMatchObject({
    version: 7,
    delta: { bytes: new Uint8Array(), databaseSize: 3 },
  })
  expect(older.heard.at(-1)).toMatchObject({ version: 7, delta: { bytes: new Uint8Array(8192) } })
  expect(older.heard.at(-1)).not.toHaveProperty('delta.spans')
  for (const { session } of [newer, older]) publisher.serveDelta(session, { kind: 'deltas', after: 6 })
  expect(newer.heard.at(-1)).toMatchObject({ type: 'deltas', version: 7, delta: { databaseSize: 3 } })
  expect(older.heard.at(-1)).toMatchObject({ type: 'gap' })
})

test('R24 after the content was replaced pages go whole again', () => {
  const { publisher, join, commit } = publishing()
  const { session, heard } = join('m', true)
  publisher.begin(session)
  commit(4096)
  commit(4096, true)
  publisher.begin(session)
  commit(4096)
  expect(heard.at(-1)).toMatchObject({ version: 8, delta: { bytes: new Uint8Array(4096) } })
})

describe('R24 a member that is behind', () => {
  test('is not waited for once it said that it knows, and fetches each version, in chunks', () => {
    const { publisher, join, commit, followers } = publishing()
    const { session, heard } = join('m', true)
    publisher.begin(session)
    const large = commit(2 * MIB + 4096)
    publisher.acknowledged(session, large, false)
    expect(followers.has('m')).toBe(false)
    const last = commit(4096)
    heard.length = 0
    publisher.serveDelta(session, { kind: 'deltas', after: 5 })
    expect(heard).toMatchObject([
      { type: 'deltas', version: large, final: false, last: false },
      { type: 'deltas', version: large, final: false, last: false },
      { type: 'deltas', version: large, final: true, last: false },
    ])
    expect(session.following).toBe(false)
    publisher.serveDelta(session, { kind: 'deltas', after: large })
    expect(heard.at(-1)).toMatchObject({ type: 'deltas', version: last, final: true, last: true })
    expect([session.following, followers.get('m')]).toEqual([true, last])
  })

  test('gets one part for each ask that says where it begins, and follows from the last one on', () => {
    const { publisher, join, commit } = publishing()
    const { session, heard } = join('m', true)
    publisher.begin(session)
    const large = commit(MIB + 4096)
    heard.length = 0
    for (const from of [0, 64, 128, 192]) publisher.serveDelta(session, { kind: 'deltas', after: 5, from })
    expect(session.following).toBe(false)
    publisher.serveDelta(session, { kind: 'deltas', after: 5, from: 256 })
    expect(heard).toMatchObject([
      ...[0, 64, 128, 192].map((from) => ({ version: large, from, final: false, last: false })),
      { version: large, from: 256, final: true, last: true },
    ])
    const pages = heard.map((message) => (message.type === 'deltas' ? message.delta.numbers.length : 0))
    expect([pages, session.following]).toEqual([[64, 64, 64, 64, 1], true])
  })

  test('gets what is left unasked before something else runs, and then not what it had asked for', () => {
    const { publisher, join, commit } = publishing()
    const { session, heard } = join('m', true)
    publisher.begin(session)
    const large = commit(2 * MIB + 4096)
    heard.length = 0
    publisher.serveDelta(session, { kind: 'deltas', after: 5, from: 0 })
    publisher.sendRests()
    expect(heard).toMatchObject([
      { version: large, from: 0, final: false },
      { version: large, from: 64, final: false, more: true },
      { version: large, from: 320, final: true, last: true },
    ])
    expect([heard[0], heard[2]].some((message) => message !== undefined && 'more' in message)).toBe(false)
    expect(session.following).toBe(true)
    publisher.serveDelta(session, { kind: 'deltas', after: 5, from: 64 })
    publisher.sendRests()
    expect(heard).toHaveLength(3)
  })

  test('is told of a gap where the past is not kept, and copies the pages in chunks', () => {
    const { publisher, join, followers } = publishing(300)
    const { session, heard } = join('m')
    publisher.serveDelta(session, { kind: 'deltas', after: 2 })
    expect(heard.splice(0)).toEqual([{ type: 'gap', epoch: 2 }])
    publisher.servePages(session, 1, undefined)
    expect(followers.get('m')).toBe(5)
    publisher.servePages(session, 257, undefined)
    expect(heard).toMatchObject([
      { type: 'pages', from: 1, version: 5, last: false },
      { type: 'pages', from: 257, version: 5, last: true },
    ])
  })
})

test('R1 how a member follows depends on whether every commit since is still kept', () => {
  const { publisher, commit } = publishing()
  expect([publisher.follow(5), publisher.follow(4)]).toEqual(['current', 'rebuild'])
  commit(4096)
  commit(4096)
  expect([4, 5, 6, 7].map((version) => publisher.follow(version))).toEqual([
    'rebuild',
    'deltas',
    'deltas',
    'current',
  ])
})

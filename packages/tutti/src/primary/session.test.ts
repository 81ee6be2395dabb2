import { expect, test } from 'vitest'
import { ManualClock } from '../platform/testing/manual-clock.ts'
import type { MemberInfo, ToMember, ToMemberPost } from '../protocol/messages.ts'
import { Session } from './session.ts'

function telling() {
  const clock = new ManualClock()
  const posts: string[] = []
  const post = (made: ToMemberPost): void => {
    posts.push([made].flat().map(nameOf).join(' '))
  }
  const session = new Session({ member: 'm', bundles: true } as MemberInfo, { post, close: () => {} }, clock)
  const commit = (version: number): void => {
    session.defer([
      { type: 'delta', epoch: 1, version, changes: { all: false, tables: {} }, by: 'n', delta: null },
    ])
    session.postSoon({ type: 'stable', epoch: 1, version })
  }
  return { clock, posts, session, commit }
}

function nameOf(message: ToMember): string {
  return 'version' in message ? `${message.type} ${message.version}` : message.type
}

test('R9 a commit that waited until it was stable is told at once, and what follows it once a frame', () => {
  const { clock, posts, commit } = telling()
  commit(1)
  expect(posts.splice(0)).toEqual(['delta 1 stable 1'])
  clock.pass(5)
  commit(2)
  commit(3)
  clock.pass(10)
  expect(posts).toEqual([])
  clock.pass(1)
  expect(posts.splice(0)).toEqual(['delta 2 stable 2 delta 3 stable 3'])
  clock.pass(16)
  commit(4)
  expect(posts).toEqual(['delta 4 stable 4'])
})

test('R9 a word that is not put off, such as a lease, takes along what was', () => {
  const { clock, posts, session, commit } = telling()
  commit(1)
  commit(2)
  session.post({ type: 'gap', epoch: 1 })
  clock.pass(100)
  expect(posts).toEqual(['delta 1 stable 1', 'delta 2 stable 2 gap'])
})

test('R9 whoever was told of the commit before it was stable, and may hold reads, hears that it is at once', () => {
  const { posts, session, commit } = telling()
  commit(1)
  session.post({ type: 'gap', epoch: 1 })
  session.postSoon({ type: 'stable', epoch: 1, version: 2 })
  expect(posts).toEqual(['delta 1 stable 1', 'gap', 'stable 2'])
})

test('nothing is sent to one that is closed', () => {
  const { clock, posts, session, commit } = telling()
  commit(1)
  commit(2)
  session.close()
  clock.pass(100)
  expect(posts).toEqual(['delta 1 stable 1'])
})

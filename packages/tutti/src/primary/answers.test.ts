import { expect, test } from 'vitest'
import type { Stability } from '../cluster/stability.ts'
import { AbortedError, SqlError } from '../errors/errors.ts'
import { ManualClock } from '../platform/testing/manual-clock.ts'
import type { MemberInfo, ToMember, ToMemberPost } from '../protocol/messages.ts'
import { Answers } from './answers.ts'
import { Session } from './session.ts'

function answering(stable: number) {
  const heard: ToMember[] = []
  const channel = { post: (message: ToMember) => void heard.push(message), close: () => undefined }
  const session = new Session({ member: 'm' } as MemberInfo, channel, new ManualClock())
  const answers = new Answers(2, { version: stable } as Stability)
  const seqs = () => heard.map((message) => (message.type === 'answer' ? message.seq : message.type))
  return { answers, session, heard, seqs }
}

test('R9 an answer leaves when the version that it tells of is stable, an error too', () => {
  const { answers, session, seqs } = answering(5)
  for (const seq of [1, 2, 3]) session.inFlight.add(seq)
  answers.succeed(session, 1, 5, [])
  answers.succeed(session, 2, 6, [])
  answers.fail(session, 3, 7, new SqlError('UNIQUE', { outcome: 'not-applied' }))
  expect([seqs(), answers.pending]).toEqual([[1], 2])
  answers.release(6, [session])
  expect(seqs()).toEqual([1, 'stable', 2])
  answers.release(7, [session])
  expect([seqs(), answers.pending, session.inFlight.size]).toEqual([[1, 'stable', 2, 'stable', 3], 0, 0])
})

test('R9 whoever asked is told first, and everybody once', () => {
  const told: string[] = []
  const sessions = ['a', 'b', 'c'].map((member) => {
    const post = ({ type }: ToMember) => void told.push(`${type} to ${member}`)
    return new Session({ member } as MemberInfo, { post, close: () => undefined }, new ManualClock())
  })
  const answers = new Answers(2, { version: 5 } as Stability)
  for (const seq of [1, 2]) answers.succeed(sessions[1] as Session, seq, 6, [])
  answers.release(6, sessions)
  expect(told).toEqual(['stable to b', 'answer to b', 'answer to b', 'stable to a', 'stable to c'])
})

test('a member that takes several messages in one post is told all of a version in one', () => {
  const posts: ToMemberPost[] = []
  const channel = { post: (post: ToMemberPost) => void posts.push(post), close: () => undefined }
  const answers = new Answers(2, { version: 5 } as Stability)
  for (const bundles of [true, undefined]) {
    const session = new Session({ member: 'm', bundles } as MemberInfo, channel, new ManualClock())
    for (const seq of [1, 2]) answers.succeed(session, seq, 6, [])
    answers.release(6, [session])
  }
  const told = [{ type: 'stable' }, { type: 'answer', seq: 1 }, { type: 'answer', seq: 2 }]
  expect(posts).toMatchObject([told, ...told])
})

test('an error of a write names its request', () => {
  const { answers, session, heard } = answering(5)
  answers.fail(session, 1, 5, new SqlError('UNIQUE', { outcome: 'not-applied' }), 'm:1')
  answers.fail(session, 2, 5, new SqlError('no such table'), 'm:2')
  expect(heard).toMatchObject([{ error: { code: 'SQL', requestId: 'm:1' } }, { error: { code: 'SQL' } }])
  expect(heard[1]).not.toHaveProperty('error.requestId')
})

test('P3 a request that was refused is refused again, until its member has heard it; one that succeeded is not', () => {
  const { answers, session, heard, seqs } = answering(5)
  answers.fail(session, 1, 5, new AbortedError('aborted', { outcome: 'not-applied' }), 'm:1')
  answers.succeed(session, 2, 5, [])
  expect([session.refusedBefore(1, 0), session.refusedBefore(2, 0), session.refusedBefore(3, 0)]).toEqual([
    true,
    false,
    false,
  ])
  expect([seqs(), heard[2]]).toEqual([[1, 2, 1], heard[0]])
  expect(session.refusedBefore(1, 1)).toBe(false)
})

test('nothing is sent to a session that is closed', () => {
  const { answers, session, seqs } = answering(5)
  session.close()
  answers.succeed(session, 1, 5, [])
  expect(seqs()).toEqual([])
})

import { describe, expect, test } from 'vitest'
import type { HeldLock } from '../platform/platform.ts'
import { createSimulation } from '../platform/simulated.ts'
import { CANDIDATE_SILENCE, Candidacy } from './candidacy.ts'

interface Candidate {
  readonly name: string
  readonly candidacy: Candidacy
  lock: HeldLock | undefined
  lost: boolean
}

/** Members that enter the queue one after the other; what each is told. */
async function queue(...names: readonly string[]) {
  const world = createSimulation({ seed: 3 })
  const members: Candidate[] = []
  for (const name of names) {
    const { locks, clock, random } = world.tab(name).context('member').platform
    const candidacy = new Candidacy({
      locks,
      clock,
      random,
      lock: 'candidate',
      onElected: (lock) => {
        member.lock = lock
        void lock.lost.then(() => {
          member.lost = true
        })
      },
    })
    const member: Candidate = { name, candidacy, lock: undefined, lost: false }
    members.push(member)
    candidacy.enter()
    await world.runFor(50)
  }
  const elected = () => world.locks.holder('candidate')?.split('/')[0]
  return { world, members: members as [Candidate, Candidate, Candidate], elected }
}

describe('R5 the queue of candidates', () => {
  test('elects one at a time, in the order in which they came', async () => {
    const { world, members, elected } = await queue('A', 'B', 'C')
    for (const member of members) {
      member.candidacy.primarySeen()
      expect(elected()).toBe(member.name)
      expect(members.filter(({ candidacy }) => candidacy.elected)).toEqual([member])
      member.lock?.release()
      await world.runFor(50)
    }
  })

  test('passes on what a dead candidate held', async () => {
    const { world, elected } = await queue('A', 'B')
    world.tab('A').kill()
    await world.runFor(300)
    expect(elected()).toBe('B')
  })
})

describe('R6 a place in the queue', () => {
  test('is changed for the last one by a hidden tab, and left by a suspended one', async () => {
    const { world, members, elected } = await queue('A', 'B', 'C')
    const [a, b, c] = members
    for (const { candidacy } of members) candidacy.primarySeen()
    b.candidacy.goToTheEnd()
    await world.runFor(50)
    a.lock?.release()
    await world.runFor(50)
    expect(elected()).toBe('C')
    b.candidacy.withdraw()
    await world.runFor(50)
    c.lock?.release()
    await world.runFor(50)
    expect(elected()).toBeUndefined()
  })

  test('is not asked for twice', async () => {
    const { world, members, elected } = await queue('A', 'B')
    members[1].candidacy.enter()
    members[0].candidacy.enter()
    members[0].lock?.release()
    await world.runFor(50)
    members[1].lock?.release()
    await world.runFor(50)
    expect(elected()).toBeUndefined()
  })

  test('a candidate that is silent is robbed within two silences, by a visible member if there is one', async () => {
    const { world, members, elected } = await queue('A', 'B', 'C')
    const [a, b] = members
    b.candidacy.seen(false)
    world.tab('A').freeze()
    await world.runFor(2 * CANDIDATE_SILENCE + 200)
    expect(elected()).toBe('C')
    world.tab('A').resume()
    await world.runFor(100)
    expect([a.lost, a.candidacy.elected]).toEqual([true, false])
  })

  test('one that is silent is robbed by a hidden member, where nobody is visible', async () => {
    const { world, members, elected } = await queue('A', 'B', 'C')
    for (const { candidacy } of members) candidacy.seen(false)
    world.tab('A').freeze()
    await world.runFor(3 * CANDIDATE_SILENCE - 1)
    expect(elected()).toBe('A')
    await world.runFor(3 * CANDIDATE_SILENCE + 200)
    expect(elected()).not.toBe('A')
  })

  test('one that shows that it lives is not, nor one whose primary serves', async () => {
    const { world, members, elected } = await queue('A', 'B')
    const [, b] = members
    for (let i = 0; i < 20; i++) {
      b.candidacy.candidateSeen()
      await world.runFor(CANDIDATE_SILENCE / 2)
    }
    expect(elected()).toBe('A')
    b.candidacy.primarySeen()
    await world.runFor(10 * CANDIDATE_SILENCE)
    expect(elected()).toBe('A')
    b.candidacy.primaryGone()
    await world.runFor(2 * CANDIDATE_SILENCE + 200)
    expect(elected()).toBe('B')
  })

  test('one that slept itself does not take for silence what it could not hear', async () => {
    const { world, members, elected } = await queue('A', 'B')
    world.tab('B').freeze()
    await world.runFor(10 * CANDIDATE_SILENCE)
    world.tab('B').resume()
    await world.runFor(CANDIDATE_SILENCE / 2)
    members[1].candidacy.primarySeen()
    await world.runFor(10 * CANDIDATE_SILENCE)
    expect(elected()).toBe('A')
  })

  test('a sign of life counts also while the locks are being looked at', async () => {
    const { world, members, elected } = await queue('A', 'B')
    const [, b] = members
    await world.run({ until: () => world.trace.entries.at(-1)?.what.startsWith('query candidate') === true })
    b.candidacy.candidateSeen()
    await world.runFor(CANDIDATE_SILENCE / 2)
    expect(elected()).toBe('A')
    await world.runFor(2 * CANDIDATE_SILENCE)
    expect(elected()).toBe('B')
  })
})

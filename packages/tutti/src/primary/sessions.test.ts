import { describe, expect, test } from 'vitest'
import type { HeldLock } from '../platform/platform.ts'
import { createSimulation } from '../platform/simulated.ts'
import type { EveryoneMessage, MemberInfo, ToMember } from '../protocol/messages.ts'
import { databaseNames } from '../protocol/names.ts'
import type { Session } from './session.ts'
import { Sessions } from './sessions.ts'

const names = await databaseNames('u', 'd')
const INFO: Omit<MemberInfo, 'member'> = {
  visible: true,
  url: '',
  title: '',
  build: '1',
  schema: 2,
  replica: 'none',
  writeWhenAhead: false,
}

function reigning() {
  const world = createSimulation({ seed: 1 })
  const { platform } = world.tab('P').context('primary')
  const rosters: string[][] = []
  world
    .tab('listener')
    .context('member')
    .platform.channels.open<EveryoneMessage>(names.everyoneChannel, (message) => {
      if (message.type === 'roster') rosters.push(message.members.map(({ member }) => member))
    })
  const gone: Session[] = []
  const sessions = new Sessions({
    platform,
    names,
    engine: { incarnation: 'i', epoch: 1, schema: 2 },
    migrations: 1,
    everyone: platform.channels.open<EveryoneMessage>(names.everyoneChannel),
    onGone: (session) => void gone.push(session),
  })
  const heard: ToMember[] = []
  /** A member in a tab of its own, whose life lock it holds. */
  const member = async (name: string) => {
    const context = world.tab(name).context('member')
    context.platform.channels.open<ToMember>(names.inboxPrefix + name, (message) => void heard.push(message))
    return world.settle(context.platform.locks.request(names.memberLockPrefix + name))
  }
  const join = (name: string, more: Partial<MemberInfo> = {}, expectedIncarnation: string | null = 'i') =>
    sessions.join({
      type: 'join',
      info: { ...INFO, ...more, member: name },
      position: null,
      expectedIncarnation,
    })
  return { world, sessions, rosters, gone, heard, member, join }
}

describe('the members of an epoch', () => {
  test('are told of each other, several changes at once', async () => {
    const { world, sessions, rosters, member, join } = reigning()
    for (const name of ['m', 'n']) {
      await member(name)
      join(name)
    }
    await world.runFor(100)
    expect(rosters.at(-1)).toEqual(['m', 'n'])
    expect(join('m')).toBe(sessions.get('m'))
    expect(sessions.infos()).toHaveLength(2)
  })

  test('are gone when their lock falls or when they say so, and told of once', async () => {
    const { world, sessions, rosters, gone, member, join } = reigning()
    const life: HeldLock = await member('m')
    const session = join('m')
    await world.runFor(50)
    if (session !== undefined) sessions.leave(session)
    life.release()
    await member('n')
    join('n')
    await world.runFor(50)
    world.tab('n').kill()
    await world.runFor(300)
    expect(gone.map((each) => each.member)).toEqual(['m', 'n'])
    expect(rosters.at(-1)).toEqual([])
  })

  test('R2 one that knew another incarnation is told that it was deleted, and not taken in', async () => {
    const { world, sessions, heard, member, join } = reigning()
    await member('m')
    expect(join('m', {}, 'another')).toBeUndefined()
    expect(join('new', {}, null)).toBeDefined()
    await world.runFor(50)
    expect(heard).toEqual([{ type: 'deleted', incarnation: 'another' }])
    expect(sessions.get('m')).toBeUndefined()
  })
})

test('R30 a member of an older build may not write: reloading helps only where a newer tab is open', async () => {
  const { sessions, member, join } = reigning()
  for (const name of ['old', 'bold', 'new']) await member(name)
  const [old, bold] = [join('old', { schema: 1 }), join('bold', { schema: 1, writeWhenAhead: true })]
  const refusal = (session: Session | undefined) => session && sessions.refusal(session)
  expect(refusal(old)).toMatchObject({ code: 'SCHEMA_AHEAD', outcome: 'not-applied' })
  expect(refusal(bold)).toBeUndefined()
  expect(refusal(join('new'))).toBeUndefined()
  expect(refusal(old)).toMatchObject({ code: 'OUTDATED', outcome: 'not-applied' })
})

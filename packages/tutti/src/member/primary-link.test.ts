import { describe, expect, test } from 'vitest'
import { createSimulation } from '../platform/simulated.ts'
import type { Announcement, EveryoneMessage, MemberInfo, ToPrimary } from '../protocol/messages.ts'
import { databaseNames } from '../protocol/names.ts'
import { PrimaryLink } from './primary-link.ts'

const names = await databaseNames('u', 'd')

async function linked(expectedIncarnation: string | null = null) {
  const world = createSimulation({ seed: 2 })
  const { platform } = world.tab('M').context('member')
  const told: string[] = []
  const received: ToPrimary[] = []
  const everyone = platform.channels.open<EveryoneMessage>(names.everyoneChannel)
  const byLine: ToPrimary[] = []
  const link = new PrimaryLink({
    platform,
    names,
    everyone,
    lineTo: (primary) =>
      primary === 'own'
        ? { post: (message) => void byLine.push(message), close: () => undefined }
        : undefined,
    info: () => ({ member: 'm' }) as MemberInfo,
    position: () => null,
    expectedIncarnation,
    onPrimary: () => told.push('primary'),
    onPrimaryGone: (primary) => told.push(`gone ${primary}`),
    onDeleted: () => told.push('deleted'),
  })
  /** A primary worker of that id, alive. */
  const primary = async (id: string) => {
    const context = world.tab(id).context('primary')
    context.platform.channels.open<ToPrimary>(
      names.inboxPrefix + id,
      (message) => void received.push(message),
    )
    await world.settle(context.platform.locks.request(`${names.primaryLock}/${id}`))
  }
  const announce = (id: string, epoch: number, incarnation = 'i', host = 'h') => {
    const announcement: Announcement = {
      reign: 1,
      primary: id,
      host,
      incarnation,
      epoch,
      storage: 'opfs',
    }
    link.announced(announcement)
  }
  const types = () => received.map(({ type }) => type)
  return { world, link, told, received, byLine, types, primary, announce }
}

describe('the way to the primary', () => {
  test('begins with a join; what is posted before the welcome is dropped', async () => {
    const { world, link, told, types, primary, announce } = await linked()
    await primary('p')
    announce('p', 1)
    link.post({ type: 'leave', member: 'm' })
    expect([link.joined, link.welcomed(2), link.welcomed(1), link.joined]).toEqual([false, false, true, true])
    link.post({ type: 'status', member: 'm', nonce: 1 })
    await world.runFor(50)
    expect([told, types()]).toEqual([['primary'], ['join', 'status']])
  })

  test('the same announcement again changes nothing; an older one is not believed', async () => {
    const { world, link, types, primary, announce } = await linked()
    await primary('p')
    announce('p', 2)
    link.welcomed(2)
    announce('p', 2)
    announce('old', 1)
    await world.runFor(50)
    expect([link.joined, link.announcement?.primary, types()]).toEqual([true, 'p', ['join']])
  })

  test('to the primary of this tab ends when its host says so, which is told once', async () => {
    const { world, link, told, primary, announce } = await linked()
    await primary('p')
    link.ownEnded()
    announce('p', 1, 'i', 'm')
    link.ownEnded()
    link.ownEnded()
    world.tab('p').kill()
    await world.runFor(2000)
    expect(told).toEqual(['primary', 'gone p'])
  })

  test('to the primary of this tab ends also where that died alone, and nobody said so', async () => {
    const { world, told, primary, announce } = await linked()
    await primary('p')
    announce('p', 1, 'i', 'm')
    await world.runFor(2000)
    expect(told).toEqual(['primary'])
    world.tab('p').kill()
    await world.runFor(2000)
    expect(told).toEqual(['primary', 'gone p'])
  })

  test('to the primary of another tab does not end with this one’s', async () => {
    const { link, told, primary, announce } = await linked()
    await primary('p')
    announce('p', 1)
    link.ownEnded()
    expect(told).toEqual(['primary'])
  })

  test('ends with the death of the primary worker, which is told once', async () => {
    const { world, link, told, primary, announce } = await linked()
    await primary('p')
    announce('p', 1)
    link.welcomed(1)
    await world.runFor(50)
    world.tab('p').kill()
    await world.runFor(300)
    expect([told, link.alive, link.joined]).toEqual([['primary', 'gone p'], false, false])
  })

  test('goes by a line of its own where there is one, and by nothing else', async () => {
    const { world, link, received, byLine, primary, announce } = await linked()
    await primary('own')
    announce('own', 1)
    link.welcomed(1)
    link.post({ type: 'status', member: 'm', nonce: 1 })
    await world.runFor(50)
    expect([byLine.map(({ type }) => type), received]).toEqual([['join', 'status'], []])
  })

  test('goes over to the next one before the last is known to be dead', async () => {
    const { world, link, told, received, primary, announce } = await linked()
    await primary('p')
    await primary('q')
    announce('p', 1)
    link.welcomed(1)
    announce('q', 2)
    await world.runFor(50)
    world.tab('p').kill()
    await world.runFor(300)
    expect(told).toEqual(['primary', 'primary'])
    expect(received.filter(({ type }) => type === 'join')).toHaveLength(2)
  })
})

describe('R2 another incarnation', () => {
  test('is a deletion for a tab that is bound to one', async () => {
    const { link, told, primary, announce } = await linked()
    await primary('p')
    announce('p', 1)
    link.bind()
    announce('p', 1, 'another')
    expect(told).toEqual(['primary', 'deleted'])
    const { told: atOnce, announce: announceAtOnce } = await linked('known before')
    announceAtOnce('p', 1)
    expect(atOnce).toEqual(['deleted'])
  })

  test('is the database for one that is only opening', async () => {
    const { link, told, primary, announce } = await linked()
    await primary('p')
    announce('p', 7)
    announce('p', 1, 'another')
    expect([told, link.announcement?.incarnation]).toEqual([['primary', 'primary'], 'another'])
  })
})

import { expect, test } from 'vitest'
import { createSimulation } from '../platform/simulated.ts'
import type { MemberInfo, PrimaryStatus, ToPrimary } from '../protocol/messages.ts'
import { databaseNames } from '../protocol/names.ts'
import type { Feed } from './feed.ts'
import type { PrimaryLink } from './primary-link.ts'
import { Roster } from './roster.ts'

const names = await databaseNames('u', 'd')
const info = (member: string, visible = true): MemberInfo => ({
  member,
  visible,
  url: `/${member}`,
  title: member,
  build: '1',
  schema: 1,
  replica: 'ready',
  writeWhenAhead: false,
})

function roster() {
  const world = createSimulation({ seed: 1 })
  const asked: ToPrimary[] = []
  const link = {
    joined: true,
    alive: true,
    announcement: { primary: 'p', host: 'h', incarnation: 'i', epoch: 4, storage: 'opfs' },
    post: (message: ToPrimary) => void asked.push(message),
    seek: () => undefined,
  }
  const made = new Roster({
    platform: world.tab('M').context('member').platform,
    names,
    member: 'm',
    link: link as unknown as PrimaryLink,
    feed: { stable: 6, position: { incarnation: 'i', epoch: 4, version: 6 } } as Feed,
    self: () => info('m'),
    unreadable: () => 3,
    backup: () => Promise.resolve(null),
    live: () => 3,
  })
  return { world, asked, link, roster: made }
}

test("P9 the status is the primary's word: who is who, what waits, whose transaction is open", async () => {
  const { world, asked, roster: made } = roster()
  const told = made.status()
  await world.runFor(20)
  const nonce = asked[0]?.type === 'status' ? asked[0].nonce : -1
  const status: PrimaryStatus = {
    epoch: 4,
    version: 8,
    stable: 7,
    incarnation: 'i',
    host: 'h',
    storage: 'opfs',
    members: [info('h'), info('m', false)],
    queue: 3,
    transaction: { member: 'h', openFor: 120 },
  }
  made.told({ type: 'status', nonce, status })
  expect(await world.settle(told)).toMatchObject({
    tab: 'm',
    role: 'replica',
    epoch: 4,
    version: 7,
    storage: 'opfs',
    primary: { tab: 'h' },
    members: [
      { tab: 'h', role: 'primary', self: false, visible: true, url: '/h' },
      { tab: 'm', role: 'replica', self: true, visible: false },
    ],
    queue: 3,
    transaction: { tab: 'h', openFor: 120 },
    failovers: 0,
  })
})

test('P4 without its word within a second it is what this tab knows', async () => {
  const { world, link, roster: made } = roster()
  made.heard([info('h')], 4)
  link.alive = false
  const began = world.now
  const status = await world.settle(made.status())
  expect(world.now - began).toBeLessThan(1100)
  expect(status).toMatchObject({ primary: null, version: 6, queue: 0, transaction: null })
  expect(status.members.map(({ tab }) => tab)).toEqual(['h', 'm'])
})

test('R6 whether another tab is visible, and how often the primary changed', () => {
  const { link, roster: made } = roster()
  made.heard([info('m'), info('h', false)], 4)
  expect(made.othersVisible).toBe(false)
  link.announcement.epoch = 5
  made.heard([info('m'), info('h')], 5)
  expect(made.othersVisible).toBe(true)
  // What the primary before it said may be out of date.
  link.announcement.epoch = 6
  expect(made.othersVisible).toBe(false)
})

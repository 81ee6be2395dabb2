import { describe, expect, test } from 'vitest'
import type { HeldLock, Port } from '../platform/platform.ts'
import { ManualClock } from '../platform/testing/manual-clock.ts'
import type { ToMemberPost } from '../protocol/messages.ts'
import type {
  FromMemberWorker,
  FromPrimaryWorker,
  MemberOptions,
  ToPrimaryWorker,
} from '../protocol/page-messages.ts'
import { type HostedEnd, PrimaryHost } from './primary-host.ts'

function hosting({ prepared = false } = {}) {
  const clock = new ManualClock()
  const toPage: FromMemberWorker[] = []
  const toPrimary: ToPrimaryWorker[] = []
  const heard: ToMemberPost[] = []
  const ends: HostedEnd[] = []
  let signs = 0
  let released = 0
  let rob: () => void = () => undefined
  let tell: (message: FromPrimaryWorker) => void = () => undefined
  const port: Port<ToPrimaryWorker, FromPrimaryWorker> = {
    post: (message) => void toPrimary.push(message),
    onMessage: (listener) => {
      tell = listener
    },
    close: () => undefined,
  }
  const host = new PrimaryHost({
    clock,
    random: { id: () => 'p', number: () => 0 },
    member: 'm',
    options: {} as MemberOptions,
    expectedIncarnation: () => 'i',
    prepared,
    toPage: (message) => void toPage.push(message),
    adoptPort: () => port,
    onStarting: () => signs++,
    onUnreadable: () => undefined,
    hear: (message) => void heard.push(message),
    onEnded: (end) => void ends.push(end),
  })
  const lost = new Promise<void>((resolve) => {
    rob = resolve
  })
  const lock: HeldLock = { lost, release: () => released++ }
  if (!prepared) host.start(lock)
  const started = () => host.started(1, {} as MessagePort)
  return {
    host,
    elect: () => host.start(lock),
    clock,
    toPage,
    toPrimary,
    heard,
    ends,
    rob: () => rob(),
    tell: (message: FromPrimaryWorker) => tell(message),
    started,
    signs: () => signs,
    released: () => released,
  }
}

describe('the primary worker of this tab', () => {
  test('R6 is asked of the page, and shows that it lives until it serves', () => {
    const { clock, toPage, toPrimary, started, tell, signs } = hosting()
    expect(toPage).toEqual([{ type: 'start-primary', n: 1 }])
    started()
    expect(toPrimary).toMatchObject([{ type: 'start', member: 'm', expectedIncarnation: 'i' }])
    clock.pass(1000)
    const before = signs()
    expect(before).toBeGreaterThan(3)
    tell({ type: 'serving' })
    clock.pass(2000)
    expect(signs()).toBe(before)
  })

  test('that loaded before the election begins when its member is elected', () => {
    const { toPage, toPrimary, started, elect, host } = hosting({ prepared: true })
    started()
    expect([toPage, toPrimary]).toEqual([[], []])
    elect()
    expect(toPage).toEqual([])
    expect(toPrimary).toMatchObject([{ type: 'start', member: 'm' }])
    expect(host.hosting).toBe(true)
  })

  test('that is still loading at the election begins when it is there', () => {
    const { toPage, toPrimary, started, elect } = hosting({ prepared: true })
    elect()
    expect([toPage, toPrimary]).toEqual([[], []])
    started()
    expect(toPrimary).toMatchObject([{ type: 'start' }])
  })

  test('that loaded in vain is terminated, and the next election asks for another', () => {
    const { toPage, toPrimary, started, elect, host } = hosting({ prepared: true })
    started()
    host.dismiss()
    host.dismiss()
    expect(toPage).toEqual([{ type: 'terminate-primary', n: 1 }])
    elect()
    expect(toPage.at(-1)).toEqual({ type: 'start-primary', n: 3 })
    expect(toPrimary).toEqual([])
  })

  test('that stands by is asked for once, and begins when its member is elected', () => {
    const { toPage, toPrimary, started, elect, host } = hosting({ prepared: true })
    host.dismiss()
    toPage.length = 0
    host.prepare()
    host.prepare()
    expect(toPage).toEqual([{ type: 'start-primary', n: 3 }])
    host.started(3, {} as MessagePort)
    // There is nothing to hand over yet.
    expect([host.handOver(), host.hosting, toPrimary, toPage.length]).toEqual([false, false, [], 1])
    elect()
    host.prepare()
    expect(toPage).toHaveLength(1)
    expect(toPrimary).toMatchObject([{ type: 'start', member: 'm' }])
    started()
    expect(toPrimary).toHaveLength(1)
  })

  test('R23 that was lost while it waited is noticed within 2 s of the election, and one that still loads has 10', () => {
    const waiting = hosting({ prepared: true })
    waiting.started()
    waiting.tell({ type: 'loaded' })
    waiting.clock.pass(60_000)
    waiting.elect()
    waiting.clock.pass(1999)
    expect(waiting.ends).toEqual([])
    waiting.clock.pass(1)
    expect(waiting.ends).toEqual([{ type: 'ended', retry: true }])

    const loading = hosting({ prepared: true })
    loading.started()
    loading.elect()
    loading.clock.pass(9999)
    expect(loading.ends).toEqual([])
    // It is lost before it hears that it is to start.
    loading.tell({ type: 'loaded' })
    loading.clock.pass(1)
    expect(loading.ends).toHaveLength(1)
  })

  test('that could not load is asked for once more at the election', () => {
    const { toPage, elect, host } = hosting({ prepared: true })
    host.endedByPage(1)
    elect()
    expect(toPage).toEqual([{ type: 'start-primary', n: 3 }])
  })

  test('R23 is terminated after 10 s of silence while it works, and not while it is idle', () => {
    const { clock, toPage, ends, started, tell, released } = hosting()
    started()
    tell({ type: 'serving' })
    tell({ type: 'idle' })
    clock.pass(60_000)
    tell({ type: 'working' })
    clock.pass(9999)
    expect(ends).toEqual([])
    clock.pass(1)
    expect(toPage.at(-1)).toEqual({ type: 'terminate-primary', n: 1 })
    expect(ends).toEqual([{ type: 'ended', retry: true }])
    expect(released()).toBe(1)
  })

  test('R23 is not taken to hang for the time in which its whole tab was stopped', () => {
    const { clock, ends, started, tell } = hosting()
    started()
    tell({ type: 'serving' })
    tell({ type: 'working' })
    clock.stop(60_000)
    expect(ends).toEqual([])
    clock.pass(8999)
    expect(ends).toEqual([])
    clock.pass(1)
    expect(ends).toHaveLength(1)
  })

  test('R6 is terminated when its member was robbed', async () => {
    const { toPage, ends, rob, started } = hosting()
    started()
    rob()
    await Promise.resolve()
    await Promise.resolve()
    expect(toPage.at(-1)).toEqual({ type: 'terminate-primary', n: 1 })
    expect(ends).toHaveLength(1)
  })

  test('R7 hands over when it is told to, and its end lets the lock go', () => {
    const { host, toPrimary, ends, started, tell, released } = hosting()
    started()
    host.handOver()
    expect(toPrimary.at(-1)).toEqual({ type: 'hand-over' })
    tell({ type: 'ended', retry: true })
    expect([ends.length, released(), host.hosting]).toEqual([1, 1, false])
    tell({ type: 'ended', retry: true })
    host.died('p')
    host.endedByPage(1)
    expect([ends.length, released()]).toEqual([1, 1])
  })

  test('is spoken to by its own port, and by no other primary than itself', () => {
    const { host, toPrimary, heard, started, tell } = hosting()
    const message = { type: 'leave', member: 'm' } as const
    expect(host.lineTo('p')).toBeUndefined()
    started()
    expect(host.lineTo('somebody else')).toBeUndefined()
    host.lineTo('p')?.post(message)
    expect(toPrimary.at(-1)).toEqual({ type: 'to-primary', message })
    const answer = { type: 'stable', epoch: 1, version: 2 } as const
    tell({ type: 'to-member', post: answer })
    expect(heard).toEqual([answer])
    tell({ type: 'ended', retry: true })
    expect(host.lineTo('p')).toBeUndefined()
    tell({ type: 'to-member', post: answer })
    expect(heard).toHaveLength(1)
  })

  test.each<FromPrimaryWorker>([
    { type: 'to-member', post: { type: 'stable', epoch: 1, version: 2 } },
    { type: 'serving' },
    { type: 'unreadable' },
  ])('R23 hangs also where it says $type meanwhile', (message) => {
    const { clock, ends, started, tell } = hosting()
    started()
    tell({ type: 'working' })
    clock.pass(100)
    tell(message)
    clock.pass(9900)
    expect(ends).toHaveLength(1)
  })

  test('died alone: learned by its life lock', () => {
    const { host, ends, started, tell } = hosting()
    started()
    tell({ type: 'serving' })
    host.died('somebody else')
    expect(ends).toEqual([])
    host.died('p')
    expect(ends).toHaveLength(1)
  })
})

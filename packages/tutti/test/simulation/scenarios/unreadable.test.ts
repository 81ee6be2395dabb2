import { expect, test } from 'vitest'
import { everyoneSchema } from '../../../src/protocol/messages.ts'
import { databaseNames } from '../../../src/protocol/names.ts'
import { openChannel } from '../../../src/protocol/open-channel.ts'
import { insert, inWorlds, type Stage } from './stage.ts'

const LIMIT = 300_000
const names = await databaseNames('u-9002', 'default')
const NONSENSE: readonly unknown[] = [
  null,
  7,
  'who',
  {},
  { type: 'nobody knows' },
  { type: 'announce', primary: 'x' },
  { type: 'current', epoch: 1, version: 1, until: null },
  { type: 'roster', epoch: 1, members: [{}] },
  { type: 'deleted' },
  { type: 'delta', epoch: 1, version: 3, delta: { numbers: [1], bytes: 'x', databaseSize: 1 }, by: 'x' },
  { type: 'join', info: null, position: 3 },
  { proto: 'two', build: 1 },
  [],
  [{ type: 'nobody knows' }],
]

test(
  'R4 P7 P9 what no build of this protocol sends is dropped wherever it arrives, and counted in status()',
  inWorlds(3, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    await stage.settle(insert(a, 'before'))
    const { primary, tab } = await peek(stage)
    for (const channel of [
      names.helloChannel,
      names.everyoneChannel,
      names.inboxPrefix + primary,
      names.inboxPrefix + tab,
    ]) {
      for (const value of NONSENSE) post(stage, channel, value)
    }
    await stage.simulation.runFor(200)
    await stage.settle(insert(b, 'after'))
    expect(await stage.values(a)).toEqual(['before', 'after'])
    expect(await stage.values(b)).toEqual(['before', 'after'])
    const [ofA, ofB] = await stage.settle(Promise.all([a.db.status(), b.db.status()]))
    // A's own inbox got it too, and the inbox of the primary that lives in A.
    expect(ofA.unreadable).toBe(4 * NONSENSE.length)
    expect(ofB.unreadable).toBe(2 * NONSENSE.length)
  }),
  LIMIT,
)

test(
  'R4 P4 a request that cannot be read gets an error for an answer',
  inWorlds(3, async (stage) => {
    const [, b] = await stage.openAll(['A', 'B'])
    const { primary, epoch } = await peek(stage)
    const { tab } = await stage.settle(b.db.status())
    const answers: unknown[] = []
    const { channels } = stage.simulation.tab('outsider').context('page').platform
    channels.open<{ type: string }>(names.inboxPrefix + tab, (message) => {
      if (message.type === 'answer') answers.push(message)
    })
    post(stage, names.inboxPrefix + primary, {
      type: 'request',
      member: tab,
      epoch,
      seq: 4711,
      call: { op: 'of the future' },
    })
    await stage.simulation.runFor(200)
    const error = expect.objectContaining({ code: 'INTERNAL', outcome: 'unknown' }) as unknown
    expect(answers).toEqual([expect.objectContaining({ seq: 4711, error })])
  }),
  LIMIT,
)

test(
  'R4 P4 an answer that cannot be read ends its call at once, with an outcome that says so',
  inWorlds(3, async (stage) => {
    const [, b] = await stage.openAll(['A', 'B'])
    const { epoch } = await peek(stage)
    const { tab } = await stage.settle(b.db.status())
    const { channels } = stage.simulation.tab('outsider').context('page').platform
    const answered: number[] = []
    // It arrives before the true one does, whose flush is to come.
    channels.open<{ type: string; member: string; seq: number }>(
      names.inboxPrefix + (await peek(stage)).primary,
      (message) => {
        if (answered.length > 0 || message.type !== 'request' || message.member !== tab) return
        answered.push(message.seq)
        post(stage, names.inboxPrefix + tab, { type: 'answer', epoch, seq: message.seq, results: 'none' })
      },
    )
    stage.simulation.tab('A').slow(400)
    const write = stage.watch(insert(b, 'b'))
    expect(await stage.ended(write)).toBeLessThan(1000)
    expect(answered).toHaveLength(1)
    expect(write.error).toMatchObject({ code: 'INTERNAL', outcome: 'unknown' })
    stage.simulation.tab('A').slow(0)
    const requestId = write.error?.requestId ?? ''
    // Whether it happened can be asked under the same id.
    await stage.rest()
    await stage.settle(insert(b, 'b', { id: requestId }))
    expect(await stage.values(b)).toEqual(['b'])
  }),
  LIMIT,
)

/** Who the primary and the member beside it are. */
async function peek(stage: Stage): Promise<{ primary: string; tab: string; epoch: number }> {
  const { channels } = stage.simulation.tab('outsider').context('page').platform
  let found: { primary: string; tab: string; epoch: number } | undefined
  const everyone = openChannel(channels, {
    name: names.everyoneChannel,
    schema: everyoneSchema,
    hear: (message) => {
      if (message.type === 'announce') found = { ...message, tab: message.host }
    },
    onUnreadable: () => undefined,
  })
  everyone.post({ type: 'who', member: 'outsider' })
  await stage.until(() => found !== undefined)
  everyone.close()
  if (found === undefined) throw new Error('nobody is primary')
  return found
}

function post(stage: Stage, channel: string, value: unknown): void {
  const opened = stage.simulation.tab('outsider').context('page').platform.channels.open<unknown>(channel)
  opened.post(value)
}

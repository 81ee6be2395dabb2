import type { Channel } from '../../src/platform/platform.ts'
import { createSimulation, type Simulation } from '../../src/platform/simulated.ts'
import { type Answer, type CommittedWrite, History, type Value } from '../history/history.ts'
import { causeFaults, drawFaults, FAULT_KINDS } from './chaos.ts'

type Question =
  | { readonly type: 'write'; readonly from: string; readonly request: string; readonly key: string }
  | { readonly type: 'read'; readonly from: string; readonly request: string }

interface Reply {
  readonly type: 'reply'
  readonly to: string
  readonly answer: Answer
}

export interface ReferenceRun {
  readonly world: Simulation
  readonly history: History
  readonly committed: readonly CommittedWrite[]
}

/**
 * The simplest database that keeps the promises, under faults: one immortal server that does one thing
 * after the other and remembers every request. It shows that the checker accepts what is right;
 * `careless` lets the server forget requests and serve old reads, so that it can be seen to object.
 */
export async function referenceRun(seed: number, careless = false): Promise<ReferenceRun> {
  const world = createSimulation({ seed })
  const history = new History(() => world.now)
  const committed: CommittedWrite[] = []
  startServer(world, committed, careless)
  const tabs = ['A', 'B', 'C']
  for (const name of tabs) startClient(world, history, name)
  const faults = drawFaults(world.prng, {
    kinds: FAULT_KINDS.filter((kind) => kind !== 'kill primary'),
    tabs,
    every: [20, 400],
    until: 1500,
    pause: [10, 300],
  })
  causeFaults(world, faults, { killed: ({ name }) => startClient(world, history, name) })
  await world.runFor(1500)
  return { world, history, committed }
}

function startServer(world: Simulation, committed: CommittedWrite[], careless: boolean): void {
  const context = world.tab('server').context('primary')
  const registers = new Map<string, Value>()
  const answers = new Map<string, Answer>()
  let version = 0
  let old: Answer = { version: 0, values: {}, log: [] }
  const everything = (): Answer => ({
    version,
    values: Object.fromEntries(registers),
    log: committed.map(({ request }) => request),
  })
  const write = ({ request, key }: Extract<Question, { type: 'write' }>): Answer => {
    const before = registers.get(key) ?? null
    const writes = { [key]: Number(before) + 1 }
    version++
    registers.set(key, Number(before) + 1)
    committed.push({ request, version, epoch: 1, reads: { [key]: before }, writes })
    const answer = { version, values: writes }
    answers.set(request, answer)
    return answer
  }
  const channel: Channel<Question | Reply> = context.platform.channels.open('db', (question) => {
    if (question.type === 'reply') return
    const lapse = careless && world.prng.chance(0.2)
    if (world.prng.chance(0.1)) old = everything()
    const known = lapse ? undefined : answers.get(question.request)
    const read = () => (lapse ? old : everything())
    const answer = question.type === 'read' ? read() : (known ?? write(question))
    channel.post({ type: 'reply', to: question.from, answer })
  })
}

/** Asks one thing after the other, and asks again until it is answered or has asked three times. */
function startClient(world: Simulation, history: History, name: string): void {
  const context = world.tab(name).context('member')
  const { channels, clock, random } = context.platform
  const ask = (make: (from: string) => Question, attempts: number) =>
    new Promise<Answer | undefined>((resolve) => {
      const from = random.id()
      const again = () => {
        if (attempts-- === 0) return end(undefined)
        channel.post(make(from))
        timer = clock.after(40, again)
      }
      const channel = channels.open<Question | Reply>('db', (reply) => {
        if (reply.type === 'reply' && reply.to === from) end(reply.answer)
      })
      const end = (answer: Answer | undefined) => {
        timer?.cancel()
        channel.close()
        resolve(answer)
      }
      let timer: { cancel(): void } | undefined
      again()
    })

  const live = async () => {
    const request = random.id().slice(0, 8)
    const writing = random.number() < 0.5
    const key = random.number() < 0.5 ? 'x' : 'y'
    const call = writing ? history.write(name, request) : history.read(name)
    const answer = await ask(
      (from) => (writing ? { type: 'write', from, request, key } : { type: 'read', from, request }),
      3,
    )
    if (answer === undefined) call.fail({ code: 'CALL_TIMEOUT', outcome: 'unknown' })
    else call.ok(answer)
    clock.after(30 * random.number(), () => void live())
  }
  context.run('start', () => void live())
}

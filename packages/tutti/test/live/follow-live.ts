import type { Feed } from '../../src/member/feed.ts'
import { LiveQueries } from '../../src/member/live/live-queries.ts'
import type { Reads } from '../../src/member/reads.ts'
import type { Replica } from '../../src/member/replica.ts'
import type { Requests } from '../../src/member/requests.ts'
import { LiveRegistry } from '../../src/page/live/live-registry.ts'
import { statementKey } from '../../src/page/live/statement-key.ts'
import { ManualClock } from '../../src/platform/testing/manual-clock.ts'
import type { Commit } from '../../src/primary/engine.ts'
import type { EngineFixture } from '../../src/primary/testing/engine-fixture.ts'
import type { StatementCall } from '../../src/protocol/call.ts'
import { UNLIMITED } from '../../src/sqlite/deadline.ts'
import type { DeliveredResult } from './delivered-result.ts'

/** The live queries of one tab, its member's and its page's, over a replica and a primary that are at hand. */
export function followLive(replica: Replica, fixture: EngineFixture) {
  /** Statements that were run since somebody cleared it. */
  const ran = new Set<string>()
  const live = new LiveQueries({
    clock: new ManualClock(),
    member: 'me',
    page: {
      post: (message) => {
        // As a port does it: nothing that the page has is the member's.
        if (message.type === 'live' || message.type === 'live-failed')
          registry.receive(structuredClone(message))
      },
    },
    reads: {
      mayRead: () => Promise.resolve(true),
      readNow: (call: StatementCall) => {
        if (call.op === 'statement') ran.add(statementKey(call))
        return replica.read(call, UNLIMITED)
      },
    } as unknown as Reads,
    requests: {
      ask: async ({ call }: Parameters<Requests['ask']>[0]) => {
        if (call.op !== 'statement') throw new Error(`A live query is no ${call.op}`)
        return fixture.engine.execute(call, fixture.request(), fixture.limits())
      },
    } as unknown as Requests,
    replica,
    feed: {
      get position() {
        return replica.position
      },
    } as unknown as Feed,
    tidings: { told: true, whenTold: () => Promise.resolve() },
  })
  const registry: LiveRegistry = new LiveRegistry({
    post: (message) => (message.type === 'live' ? live.start(message) : live.stop(message.n)),
    report: (error) => {
      throw error
    },
  })
  return {
    ran,
    get version() {
      return fixture.engine.version
    },
    observe: (delivered: DeliveredResult) => registry.observe(delivered.statement, delivered),
    changed: ({ version, changes }: Commit) => live.changed({ version, changes, by: 'other' }),
    /** All that has to run has run: nothing in it waits for more than its turn. */
    settled: () => new Promise<void>((resolve) => void setImmediate(resolve)),
    close: () => live.close(),
  }
}

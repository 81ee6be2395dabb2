import type { HeldLock } from '../../platform/platform.ts'
import type { FromMemberPost, Lifecycle, PrimarySetup, ToMemberWorker } from '../../protocol/page-messages.ts'
import type { RecoveryAnswer, RecoveryRequest } from '../../protocol/recovery-messages.ts'
import type { SyncReader } from '../../protocol/sync-reads.ts'
import type { StatementResult } from '../../protocol/values.ts'
import { BUILD } from '../../protocol/version.ts'
import { createOpen } from '../open.ts'
import type { PageEnvironment, PageLife } from '../page-environment.ts'
import { createRecover } from '../recover.ts'
import { codeAtHand } from './code-at-hand.ts'
import { FakeWorker } from './fake-worker.ts'
import { ManualClock } from './manual-clock.ts'

export type FakeMember = FakeWorker<ToMemberWorker, FromMemberPost>
type CallMessage = Extract<ToMemberWorker, { type: 'call' }>
export type Script = (message: ToMemberWorker, member: FakeMember) => void

/** The smallest module there is. */
const WASM = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))

/** A page whose workers, clock, life and storage a test plays. */
export class FakePage {
  readonly clock = new ManualClock()
  readonly members: FakeMember[] = []
  readonly primaries: FakeWorker<PrimarySetup, never>[] = []
  readonly recoveries: FakeWorker<RecoveryRequest, RecoveryAnswer>[] = []
  readonly reported: unknown[] = []
  readonly tokens = new Map<string, 'valid' | 'revoked'>()
  /** What the members do with each message; see {@link answering}. */
  script: Script
  /** To be set before the first `open`. */
  storage: PageEnvironment['storage'] = undefined
  /** What a worker that recovers does with its request. */
  recoveryScript: (request: RecoveryRequest, worker: FakeWorker<RecoveryRequest, RecoveryAnswer>) => void =
    () => undefined
  /** What the page's own copy is read with. */
  reader: () => Promise<SyncReader> = () => Promise.reject(new Error('There is no reader.'))
  /** Here each gets its lock at once. */
  code = codeAtHand({ request: () => Promise.resolve(newLock()) })
  compiled = 0
  life = { visible: true, url: 'https://app.example/practice', title: 'Practice' }
  readonly #lifeListeners = new Set<(state: Lifecycle) => void>()
  readonly open = createOpen(() => this.#environment())
  readonly recover = createRecover(() => this.#environment())
  #ids = 0

  constructor(script: Script = answering()) {
    this.script = script
  }

  /** The member that was started last. */
  get member(): FakeMember {
    const member = this.members.at(-1)
    if (member === undefined) throw new Error('No member was started.')
    return member
  }

  live(state: Lifecycle): void {
    for (const listener of [...this.#lifeListeners]) listener(state)
  }

  get lifeListeners(): number {
    return this.#lifeListeners.size
  }

  #environment(): PageEnvironment {
    return {
      build: BUILD,
      clock: this.clock,
      storage: this.storage,
      life: lifeOf(this, (listener) => {
        this.#lifeListeners.add(listener)
        return () => this.#lifeListeners.delete(listener)
      }),
      startMember: () => {
        const member: FakeMember = new FakeWorker((message, worker) => this.script(message, worker))
        this.members.push(member)
        return member.page
      },
      startPrimary: () => {
        const primary = new FakeWorker<PrimarySetup, never>()
        this.primaries.push(primary)
        return primary.page
      },
      startRecovery: () => {
        const recovery = new FakeWorker<RecoveryRequest, RecoveryAnswer>((request, worker) =>
          this.recoveryScript(request, worker),
        )
        this.recoveries.push(recovery)
        return recovery.page
      },
      createChannel: () => new MessageChannel(),
      // As a test has set it by now.
      code: {
        exclusive: () => this.code.exclusive(),
        import: () => this.code.import(),
        syncReads: () => this.code.syncReads(),
        recovery: () => this.code.recovery(),
      },
      compileWasm: () => {
        this.compiled++
        return Promise.resolve(WASM)
      },
      loadSyncReader: () => this.reader(),
      createCancelToken: () => {
        const url = `blob:${this.tokens.size + 1}`
        this.tokens.set(url, 'valid')
        return { url, revoke: () => this.tokens.set(url, 'revoked') }
      },
      randomId: () => `id-${++this.#ids}`,
      reportError: (error) => this.reported.push(error),
    }
  }
}

function newLock(): HeldLock {
  return { lost: new Promise(() => undefined), release: () => undefined }
}

/** What the page shows at each moment. */
function lifeOf(page: FakePage, listen: PageLife['listen']): PageLife {
  return {
    get visible() {
      return page.life.visible
    },
    get url() {
      return page.life.url
    },
    get title() {
      return page.life.title
    },
    mobile: false,
    listen,
  }
}

/** What a member does that becomes ready and leaves in peace; its calls are left to `call`. */
export function answering(
  call: (message: CallMessage, member: FakeMember) => void = () => undefined,
): Script {
  return (message, member) => {
    if (message.type === 'init')
      member.send({ type: 'ready', member: 'm', incarnation: 'i-1', storage: 'opfs', version: 7 })
    if (message.type === 'leave') member.send({ type: 'left' })
    if (message.type === 'call') call(message, member)
  }
}

/** One statement's result, with what a test does not care about left out. */
export function result(part: Partial<StatementResult> = {}): StatementResult {
  return { columns: [], rows: [], changes: 0, lastInsertRowid: 0, ...part }
}

/** Narrows to one type of message. */
export function is<Type extends ToMemberWorker['type']>(type: Type) {
  return (message: ToMemberWorker): message is Extract<ToMemberWorker, { type: Type }> =>
    message.type === type
}

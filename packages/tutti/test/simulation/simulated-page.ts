import type { Replica } from '../../src/member/replica.ts'
import { createReplica } from '../../src/member/replica.ts'
import { serveMember } from '../../src/member/serve-member.ts'
import type { PageEnvironment, PageWorker } from '../../src/page/page-environment.ts'
import { codeAtHand } from '../../src/page/testing/code-at-hand.ts'
import type { Port } from '../../src/platform/platform.ts'
import {
  createPortPair,
  memoryBlobs,
  type SimulatedContext,
  type SimulatedTab,
} from '../../src/platform/simulated.ts'
import { createEngine } from '../../src/primary/create-engine.ts'
import type { Engine } from '../../src/primary/engine.ts'
import { servePrimary } from '../../src/primary/serve-primary.ts'
import { serveRecovery } from '../../src/primary/serve-recovery.ts'
import type { Lifecycle } from '../../src/protocol/page-messages.ts'
import type { SyncReader } from '../../src/protocol/sync-reads.ts'
import { BUILD, type Build } from '../../src/protocol/version.ts'
import type { Sqlite } from '../../src/sqlite/sqlite.ts'
import { deleteStore, openStore, quarantine, shelfOf } from '../../src/storage/rungs.ts'
import type { StorageEnvironment } from '../../src/storage/storage-environment.ts'
import { createSyncReader } from '../../src/sync/sync-reader.ts'
import { simulatedStorage } from './simulated-opfs.ts'
import { slowEngine } from './slow-engine.ts'

/** What all tabs of one world share beside the browser: SQLite, and what must be closed in the end. */
export interface Shared {
  readonly sqlite: Sqlite
  /** Instances with functions of an app's own, by their address. */
  readonly functions: Map<string, Sqlite>
  readonly revoked: Set<string>
  /** Whether tabs that open from now on are a phone's. */
  mobile: boolean
  readonly replicas: { readonly context: SimulatedContext; readonly replica: Replica }[]
  readonly readers: SyncReader[]
  readonly engines: Engine[]
  /** Puts something between a primary and its engine, for a scenario. */
  wrapEngine: (engine: Engine, context: SimulatedContext) => Engine
}

const blobs = memoryBlobs()

/** A page's way out, in a simulated tab: the library's own page code runs on it as on a real one. */
export interface SimulatedPage {
  readonly context: SimulatedContext
  readonly environment: PageEnvironment
  /** Tells the page's code of its life, as the browser would. */
  tell(state: Lifecycle): void
}

interface FakePort {
  readonly channel: number
  readonly side: 'primary' | 'member'
}

/** Puts the library's page, member and primary code into the contexts of one tab. */
export function simulatedPage(tab: SimulatedTab, shared: Shared, build: Build = BUILD): SimulatedPage {
  const context = tab.context('page')
  const listeners = new Set<(state: Lifecycle) => void>()
  const channels: [Port<never, never>, Port<never, never>][] = []
  let visible = true
  let suspended = false
  let tokens = 0
  const adopt = <Out, In>({ channel, side }: FakePort): Port<Out, In> =>
    channels[channel]?.[side === 'primary' ? 0 : 1] as unknown as Port<Out, In>

  const environment: PageEnvironment = {
    build,
    clock: context.platform.clock,
    life: {
      get visible() {
        return visible
      },
      url: `https://practice.test/${tab.name}`,
      title: tab.name,
      mobile: shared.mobile,
      listen(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    storage: undefined,
    startMember: () =>
      worker(tab, context, 'member', (member, port) => {
        serveMember(port, {
          platform: member.platform,
          createReplica: async (_, functions) => {
            const sqlite = sqliteWith(shared, functions)
            const replica = createReplica({ sqlite, clock: member.platform.clock, blobs })
            shared.replicas.push({ context: member, replica })
            return replica
          },
          adoptPort: (fake) => adopt(fake as unknown as FakePort),
          isRevoked: (url) => shared.revoked.has(url),
          shelf: (kind) => shelfOf(simulatedStorage(member), kind),
          room: () => Promise.resolve(undefined),
        })
      }),
    startRecovery: () =>
      worker(tab, context, 'recovery', (recovery, port) => {
        port.onMessage((request) =>
          serveRecovery(port, request, {
            platform: recovery.platform,
            environment: simulatedStorage(recovery),
            sqlite: () => Promise.resolve(shared.sqlite),
          }),
        )
      }),
    startPrimary: () =>
      worker(tab, context, 'primary', (primary, port) => {
        const storage: StorageEnvironment = simulatedStorage(primary)
        port.onMessage((setup) => {
          const sqlite = sqliteWith(shared, setup.functions)
          servePrimary(adopt((setup as unknown as { port: FakePort }).port), {
            platform: primary.platform,
            createEngine: (deps) => {
              const engine = createEngine({ ...deps, sqlite, blobs })
              shared.engines.push(engine)
              const { onProgress } = deps.options
              return Promise.resolve(shared.wrapEngine(slowEngine(engine, primary, onProgress), primary))
            },
            openStore: (place, options) => openStore(storage, place, options),
            deleteStore: (place, kind) => deleteStore(storage, place, kind),
            quarantine: (place, kind, at) => quarantine(storage, place, kind, at),
            isRevoked: (url) => shared.revoked.has(url),
            rehearse: () => Promise.resolve(),
          })
        })
      }),
    createChannel() {
      const [primary, member] = createPortPair<never, never>(tab.context('primary'), tab.context('member'))
      channels.push([primary, member])
      const port = (side: FakePort['side']) =>
        ({ channel: channels.length - 1, side }) as unknown as MessagePort
      return { port1: port('primary'), port2: port('member') }
    },
    code: codeAtHand(context.platform.locks),
    compileWasm: () => Promise.resolve({} as WebAssembly.Module),
    loadSyncReader: async (functions) => {
      const reader = createSyncReader({
        sqlite: sqliteWith(shared, functions),
        clock: context.platform.clock,
        blobs,
      })
      shared.readers.push(reader)
      return reader
    },
    createCancelToken() {
      const url = `blob:${tab.name}/${context.name}/${tokens++}`
      return { url, revoke: () => void shared.revoked.add(url) }
    },
    randomId: () => context.platform.random.id(),
    reportError: (error) => {
      throw error
    },
  }
  return {
    context,
    environment,
    tell(state) {
      // What is so already is not told again.
      if (state === 'visible' || state === 'hidden') {
        if (visible === (state === 'visible')) return
        visible = state === 'visible'
      } else {
        if (suspended === (state === 'suspended')) return
        suspended = state === 'suspended'
      }
      for (const listener of listeners) listener(state)
    },
  }
}

function sqliteWith(shared: Shared, functions: string | null): Sqlite {
  return (functions === null ? undefined : shared.functions.get(functions)) ?? shared.sqlite
}

function worker<Out, In>(
  tab: SimulatedTab,
  page: SimulatedContext,
  name: 'member' | 'primary' | 'recovery',
  serve: (context: SimulatedContext, port: Port<In, Out>) => void,
): PageWorker<Out, In> {
  const context = tab.context(name)
  const [outside, inside] = createPortPair<Out, In>(page, context)
  context.run(`start ${name}`, () => serve(context, inside))
  return {
    post: (message) => outside.post(message),
    onMessage: (listener) => outside.onMessage(listener),
    onFailure: () => undefined,
    terminate: () => context.kill(),
  }
}

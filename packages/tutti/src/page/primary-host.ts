import type { PrimarySetup, ToMemberWorker } from '../protocol/page-messages.ts'
import type { PageEnvironment, PageWorker } from './page-environment.ts'

/**
 * The primary worker of this tab, while its member's election asks for one. The page owns it because
 * only the page can end it at once: before it freezes (R7), and when it hangs (R23).
 */
export class PrimaryHost {
  readonly #environment: PageEnvironment
  readonly #code: Pick<PrimarySetup, 'wasm' | 'functions'>
  readonly #tell: (message: ToMemberWorker, transfer?: readonly Transferable[]) => void
  #current: { readonly n: number; readonly worker: PageWorker<PrimarySetup, never> } | undefined

  constructor(
    environment: PageEnvironment,
    code: Pick<PrimarySetup, 'wasm' | 'functions'>,
    tell: (message: ToMemberWorker, transfer?: readonly Transferable[]) => void,
  ) {
    this.#environment = environment
    this.#code = code
    this.#tell = tell
  }

  start(n: number): void {
    this.end('another primary was started')
    let worker: PageWorker<PrimarySetup, never>
    try {
      worker = this.#environment.startPrimary()
    } catch (error) {
      return this.#tell({ type: 'primary-ended', n, reason: String(error) })
    }
    this.#current = { n, worker }
    worker.onFailure((reason) => {
      if (this.#current?.worker === worker) this.end(reason.message)
    })
    const { port1, port2 } = this.#environment.createChannel()
    worker.post({ type: 'port', port: port1, ...this.#code }, [port1])
    this.#tell({ type: 'primary-started', n, port: port2 }, [port2])
  }

  terminate(n: number): void {
    if (this.#current?.n === n) this.end('terminated by its member')
  }

  /** Terminates the primary, then tells why. */
  end(reason: string): void {
    const n = this.kill()
    if (n !== undefined) this.#tell({ type: 'primary-ended', n, reason })
  }

  /** Terminates the primary and tells nobody yet; its number, where there was one. */
  kill(): number | undefined {
    const current = this.#current
    this.#current = undefined
    current?.worker.terminate()
    return current?.n
  }
}

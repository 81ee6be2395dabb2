import type { PageWorker } from '../page-environment.ts'

/** The far side of a worker that a test plays, at the end of a real MessagePort. */
export class FakeWorker<Out, In> {
  readonly received: Out[] = []
  terminated = false
  /** What the page's code holds. */
  readonly page: PageWorker<Out, In>
  readonly #far: MessagePort
  #waiting: (() => void)[] = []
  #failed: (reason: Error) => void = () => undefined

  /** @param script called for each message, for what a test always answers alike */
  constructor(script: (message: Out, worker: FakeWorker<Out, In>) => void = () => undefined) {
    const { port1, port2 } = new MessageChannel()
    this.#far = port2
    port2.onmessage = ({ data }: MessageEvent<Out>) => {
      this.received.push(data)
      script(data, this)
      for (const look of this.#waiting.splice(0)) look()
    }
    this.page = {
      post: (message, transfer = []) => port1.postMessage(message, [...transfer]),
      onMessage: (listener) => {
        port1.onmessage = ({ data }: MessageEvent<In>) => listener(data)
      },
      onFailure: (listener) => {
        this.#failed = listener
      },
      terminate: () => {
        this.terminated = true
        port1.close()
        port2.close()
      },
    }
  }

  send(message: In): void {
    this.#far.postMessage(message)
  }

  /** As an exception that nobody caught, or a file that is not there. */
  crash(message: string): void {
    this.#failed(new Error(message))
  }

  /** The `count`-th message that matches, as soon as it has come. */
  async message<Wanted extends Out>(
    matches: (message: Out) => message is Wanted = (message): message is Wanted => message !== undefined,
    count = 1,
  ): Promise<Wanted> {
    for (;;) {
      const found = this.received.filter(matches)[count - 1]
      if (found !== undefined) return found
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
      })
    }
  }
}

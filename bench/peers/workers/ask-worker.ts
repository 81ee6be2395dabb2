/** A question to a worker of our own. */
export type Ask = <Answer>(question: Question) => Promise<Answer>

export type Question = readonly [method: string, ...args: unknown[]]

export interface Asked {
  readonly id: number
  readonly question: Question
}

export type Answered =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string }

/** One message there, one back: as little as a peer without a page side of its own can do with. */
export function askWorker(worker: Worker): Ask {
  const waiting = new Map<number, { resolve(answer: never): void; reject(error: Error): void }>()
  let last = 0
  worker.onmessage = ({ data }: MessageEvent<Answered>) => {
    const asker = waiting.get(data.id)
    waiting.delete(data.id)
    if ('error' in data) asker?.reject(new Error(data.error))
    else asker?.resolve(data.answer as never)
  }
  worker.onerror = ({ message }) => {
    for (const { reject } of waiting.values()) reject(new Error(`the worker failed: ${message}`))
    waiting.clear()
  }
  return (question) =>
    new Promise((resolve, reject) => {
      const id = ++last
      waiting.set(id, { resolve, reject })
      worker.postMessage({ id, question } satisfies Asked)
    })
}

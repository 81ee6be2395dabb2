import type { Answered, Asked } from './ask-worker.ts'

/** What a worker can be asked, by name. */
export type Methods = Readonly<Record<string, (...args: never[]) => unknown>>

/** Answers one question after the other, in the order in which they came. */
export function answerAsks(methods: Methods): void {
  const page = globalThis as unknown as MessagePort
  let turn = Promise.resolve()
  page.onmessage = ({ data: { id, question } }: MessageEvent<Asked>) => {
    turn = turn.then(async () => {
      const [method, ...args] = question
      try {
        const answer = await methods[method]?.(...(args as never[]))
        page.postMessage({ id, answer } satisfies Answered)
      } catch (error) {
        page.postMessage({ id, error: String(error) } satisfies Answered)
      }
    })
  }
}

import { NOTE } from './schema.ts'

/** Starts the worker; what it returns writes one row. */
export async function startPooled(): Promise<() => Promise<unknown>> {
  const worker = new Worker(new URL('./pooled-worker.ts', import.meta.url), { type: 'module' })
  const ask = (message: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data)
      worker.onerror = (event) => reject(new Error(event.message))
      worker.postMessage(message)
    })
  await ask('open')
  return () => ask(['a tune', NOTE])
}

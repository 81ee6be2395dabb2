import type { ContractResult } from '../../packages/tutti/src/storage/testing/browser-contract.ts'

declare global {
  interface Window {
    /** Runs the suites on the rungs that this browser is expected to have. */
    runContract(kinds: readonly ('opfs' | 'indexeddb')[]): Promise<ContractResult[]>
  }
}

window.runContract = (kinds) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data }: MessageEvent<ContractResult[]>) => resolve(data)
    worker.postMessage(kinds)
    worker.onerror = ({ message }) => reject(new Error(message))
  })
document.body.dataset['ready'] = 'true'

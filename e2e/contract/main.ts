import type { ContractResult } from '../../packages/tutti/src/storage/testing/browser-contract.ts'

declare global {
  interface Window {
    runContract(): Promise<ContractResult[]>
  }
}

window.runContract = () =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data }: MessageEvent<ContractResult[]>) => resolve(data)
    worker.onerror = ({ message }) => reject(new Error(message))
  })
document.body.dataset['ready'] = 'true'

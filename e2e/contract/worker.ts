import { runBrowserContract } from '../../packages/tutti/src/storage/testing/browser-contract.ts'

const environment = {
  storage: navigator.storage,
  FileSystemFileHandle: globalThis.FileSystemFileHandle,
  indexedDB: globalThis.indexedDB,
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  randomId: () => crypto.randomUUID(),
}

globalThis.onmessage = ({ data: kinds }: MessageEvent<readonly ('opfs' | 'indexeddb')[]>) => {
  runBrowserContract(environment, kinds).then(
    (results) => globalThis.postMessage(results),
    (error: unknown) => globalThis.postMessage([{ title: 'the suite itself', error: String(error) }]),
  )
}

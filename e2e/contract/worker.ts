import { runBrowserContract } from '../../packages/tutti/src/storage/testing/browser-contract.ts'

const environment = {
  storage: navigator.storage,
  FileSystemFileHandle: globalThis.FileSystemFileHandle,
  indexedDB: globalThis.indexedDB,
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
}

runBrowserContract(environment, ['opfs', 'indexeddb']).then(
  (results) => globalThis.postMessage(results),
  (error: unknown) => globalThis.postMessage([{ title: 'the suite itself', error: String(error) }]),
)

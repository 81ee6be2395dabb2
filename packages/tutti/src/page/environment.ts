import { WorkerFailedError } from '../errors/errors.ts'
import { BUILD } from '../protocol/version.ts'
import { codeOnDemand } from './code-on-demand.ts'
import { compileWasm } from './compile-wasm.ts'
import type { PageClock, PageEnvironment, PageWorker } from './page-environment.ts'
import { createPageLife } from './page-life.ts'
import { importSyncReader, startMemberWorker, startPrimaryWorker, wasmUrl } from './workers.ts'

/**
 * The browser that this page runs in. Nothing is touched before the call, so that `tutti` can be
 * imported on a server.
 *
 * @throws {WorkerFailedError} where there is no page
 */
export function createEnvironment(): PageEnvironment {
  if (typeof document === 'undefined' || typeof Worker === 'undefined') {
    throw new WorkerFailedError('open() needs a browser page with workers: call it there, not on a server.')
  }
  let module: Promise<WebAssembly.Module> | undefined
  const compileOnce = (): Promise<WebAssembly.Module> => {
    module ??= compileWasm(wasmUrl()).catch((error: unknown) => {
      module = undefined
      throw error
    })
    return module
  }
  return {
    build: BUILD,
    clock: pageClock,
    life: createPageLife(document, window),
    storage: navigator.storage,
    startMember: () => wrap(startMemberWorker()),
    startPrimary: () => wrap(startPrimaryWorker()),
    startRecovery: () => wrap(startPrimaryWorker()),
    createChannel: () => new MessageChannel(),
    code: codeOnDemand,
    compileWasm: compileOnce,
    async loadSyncReader(functions) {
      const [{ loadSyncReader }, wasm] = await Promise.all([importSyncReader(), compileOnce()])
      return await loadSyncReader(wasm, functions)
    },
    createCancelToken() {
      const url = URL.createObjectURL(new Blob())
      return { url, revoke: () => URL.revokeObjectURL(url) }
    },
    randomId: () => crypto.randomUUID(),
    reportError: (error) => reportError(error),
  }
}

const pageClock: PageClock = {
  mono: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms)
    return { cancel: () => clearTimeout(timer) }
  },
}

function wrap<Out, In>(worker: Worker): PageWorker<Out, In> {
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer as Transferable[]),
    onMessage: (listener) => {
      worker.onmessage = (event: MessageEvent<In>) => listener(event.data)
    },
    onFailure: (listener) => {
      worker.onerror = (event) => listener(new Error(event.message || COULD_NOT_START))
      worker.onmessageerror = () => listener(new Error('A message of the worker could not be read.'))
    },
    terminate: () => worker.terminate(),
  }
}

const COULD_NOT_START =
  "The worker could not start: check that its file is served, and that a Content-Security-Policy's worker-src allows it."

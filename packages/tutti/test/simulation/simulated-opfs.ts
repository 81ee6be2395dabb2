import type { Range, SimulatedContext } from '../../src/platform/simulated.ts'
import type { StorageEnvironment } from '../../src/storage/storage-environment.ts'
import { simulatedIndexedDb } from './simulated-indexeddb.ts'

/** How long an asynchronous call to the file system takes, ms. */
const LATENCY: Range = [0.05, 3]

/**
 * What the browser keeps for one context: the origin private file system on the world's simulated disk, and
 * IndexedDB. For the real storage layer to open its files by; has what that layer uses, and no more.
 */
export function simulatedStorage(context: SimulatedContext): StorageEnvironment {
  let factory: IDBFactory | undefined
  return {
    get indexedDB() {
      return (factory ??= simulatedIndexedDb(context))
    },
    storage: { getDirectory: () => Promise.resolve(directory(context, '')) },
    FileSystemFileHandle: { prototype: { createSyncAccessHandle: () => undefined } },
    sleep: (ms) => new Promise((resolve) => context.platform.clock.after(ms, resolve)),
    randomId: () => context.platform.random.id(),
  }
}

/** Answers in an event of its own, as a call to another process does. */
function later<T>(context: SimulatedContext, what: string, answer: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const act = () => {
      try {
        resolve(answer())
      } catch (error) {
        reject(error)
      }
    }
    if (context.alive) context.run(what, act, context.prng.delay(LATENCY))
  })
}

function notFound(path: string): DOMException {
  return new DOMException(`${path} is not there`, 'NotFoundError')
}

function directory(context: SimulatedContext, path: string): FileSystemDirectoryHandle {
  const { disk } = context.world
  const within = (name: string) => (path === '' ? name : `${path}/${name}`)
  const handle = {
    kind: 'directory',
    getDirectoryHandle: (name: string, { create = false } = {}) =>
      later(context, `directory ${within(name)}`, () => {
        const exists = disk.paths.some((known) => known.startsWith(`${within(name)}/`))
        if (!create && !exists) throw notFound(within(name))
        return directory(context, within(name))
      }),
    getFileHandle: (name: string, { create = false } = {}) =>
      later(context, `file ${within(name)}`, () => {
        if (!disk.exists(within(name))) {
          if (!create) throw notFound(within(name))
          disk.create(within(name))
        }
        return file(context, path, name)
      }),
    async *keys() {
      const prefix = within('')
      const names = await later(context, `list ${path}`, () =>
        disk.paths.filter((known) => known.startsWith(prefix)).map((known) => known.slice(prefix.length)),
      )
      yield* names.filter((name) => !name.includes('/'))
    },
    removeEntry: (name: string) =>
      later(context, `remove ${within(name)}`, () => {
        if (!disk.exists(within(name))) throw notFound(within(name))
        refuseIfOpen(context, within(name))
        disk.faults.pass('remove', 0)
        disk.remove(within(name))
      }),
  }
  return handle as unknown as FileSystemDirectoryHandle
}

function file(context: SimulatedContext, folder: string, name: string): FileSystemFileHandle {
  const { disk } = context.world
  const path = folder === '' ? name : `${folder}/${name}`
  const handle = {
    kind: 'file',
    name,
    getFile: () =>
      later(context, `look at ${path}`, () => {
        const bytes = disk.bytes(path)
        if (bytes === undefined) throw notFound(path)
        return new Blob([bytes as Uint8Array<ArrayBuffer>])
      }),
    move: (to: string) =>
      later(context, `move ${path}`, () => {
        refuseIfOpen(context, path)
        disk.move(path, folder === '' ? to : `${folder}/${to}`)
      }),
    createSyncAccessHandle: () => later(context, `open ${path}`, () => accessHandle(context, path)),
  }
  return handle as unknown as FileSystemFileHandle
}

function refuseIfOpen(context: SimulatedContext, path: string): void {
  if (context.world.disk.openPaths.includes(path)) {
    throw new DOMException(`${path} is open`, 'NoModificationAllowedError')
  }
}

function accessHandle(context: SimulatedContext, path: string): FileSystemSyncAccessHandle {
  const handle = context.world.disk.open(context, path)
  const access = {
    read: (into: Uint8Array, { at = 0 } = {}) => handle.read(into, at),
    write: (from: Uint8Array, { at = 0 } = {}) => handle.write(from, at),
    truncate: handle.truncate,
    getSize: handle.size,
    flush: handle.flush,
    close: handle.close,
  }
  return access
}

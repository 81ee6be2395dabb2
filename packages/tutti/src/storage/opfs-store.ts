import { OpfsDevice } from './opfs-device.ts'
import type { Place, Store } from './store.ts'

const FOLDER = 'tutti'
const COPY_CHUNK = 1024 * 1024

/**
 * What a browser calls a file that another context has open: the standard's name, and WebKit's
 * (`FileSystemStorageHandle::createSyncAccessHandle` answers `InvalidState` where the file's lock is taken).
 */
export const OPFS_BUSY: readonly string[] = ['NoModificationAllowedError', 'InvalidStateError']

/** Databases in the origin private file system: `tutti/<user>/<database>.sqlite3`, and its WAL beside it. */
export class OpfsShelf {
  readonly #root: FileSystemDirectoryHandle

  constructor(root: FileSystemDirectoryHandle) {
    this.#root = root
  }

  async exists(place: Place): Promise<boolean> {
    const folder = await this.#folder(place)
    return folder !== undefined && (await fileOf(folder, mainName(place))) !== undefined
  }

  /**
   * Rejects as `createSyncAccessHandle` does where it is there by name only: WebKitGTK makes directories and
   * files, and answers `NotSupportedError` here. It is tried on a file of its own, which goes again: a
   * database's, once made, would count as one that OPFS holds.
   *
   * @param id a new one each time: WebKitGTK 2.50 leaves the name locked for good, and then calls it busy
   */
  async probe(id: string): Promise<void> {
    const folder = await this.#root.getDirectoryHandle(FOLDER, { create: true })
    // No user's folder has such a name: a dot is encoded.
    const name = `${id}.probe`
    const file = await folder.getFileHandle(name, { create: true })
    try {
      const handle = await file.createSyncAccessHandle()
      handle.close()
    } finally {
      await folder.removeEntry(name).catch(() => undefined)
    }
  }

  /** Opens both files, making them where they are missing. Rejects with one of {@link OPFS_BUSY} while another worker has one open. */
  async open(place: Place): Promise<Store> {
    const folder = await this.#createFolder(place)
    const isNew = (await fileOf(folder, mainName(place))) === undefined
    const mainHandle = await folder.getFileHandle(mainName(place), { create: true })
    const main = await mainHandle.createSyncAccessHandle()
    let wal: FileSystemSyncAccessHandle | undefined
    try {
      wal = await (await folder.getFileHandle(walName(place), { create: true })).createSyncAccessHandle()
      // A log without its file is what a deletion left that was cut short; it belongs to no database.
      if (isNew) wal.truncate(0)
    } catch (error) {
      wal?.close()
      main.close()
      throw error
    }
    const devices = { main: new OpfsDevice(main), wal: new OpfsDevice(wal) }
    return {
      kind: 'opfs',
      ...devices,
      flush: () => devices.wal.flush(),
      fence: () => Promise.resolve(),
      verify: () => this.#verify(place, () => devices.main.size()),
      close() {
        devices.wal.close()
        devices.main.close()
      },
    }
  }

  /** Deletes both files. Rejects with one of {@link OPFS_BUSY} while somebody has one open. */
  async delete(place: Place): Promise<void> {
    const folder = await this.#folder(place)
    if (folder === undefined) return
    // The file first: the other way round, a cut in between would leave an older database alive.
    for (const name of [mainName(place), walName(place)]) {
      await folder.removeEntry(name).catch((error: unknown) => {
        if (!isNamed(error, 'NotFoundError')) throw error
      })
    }
  }

  /** Sets both files aside under another name; the new name of the database file. */
  async quarantine(place: Place, suffix: string): Promise<string> {
    const folder = await this.#createFolder(place)
    const aside = `${place.database}.${suffix}.sqlite3`
    for (const [from, to] of [
      [walName(place), `${aside}-wal`],
      [mainName(place), aside],
    ] as const) {
      const file = await fileOf(folder, from)
      if (file !== undefined) await moveFile(folder, file, to)
    }
    return aside
  }

  async #verify(place: Place, openSize: () => number): Promise<'present' | 'gone'> {
    try {
      const folder = await this.#folder(place)
      const file = folder === undefined ? undefined : await fileOf(folder, mainName(place))
      if (file === undefined) return 'gone'
      // A namesake made after the site data was cleared is another file, and shorter.
      const size = await file.getFile().then(
        (found) => found.size,
        () => openSize(),
      )
      return size === 0 && openSize() > 0 ? 'gone' : 'present'
    } catch {
      // Not to know is not to have lost it.
      return 'present'
    }
  }

  async #folder(place: Place): Promise<FileSystemDirectoryHandle | undefined> {
    try {
      const folder = await this.#root.getDirectoryHandle(FOLDER)
      return await folder.getDirectoryHandle(place.user)
    } catch (error) {
      if (isNamed(error, 'NotFoundError')) return undefined
      throw error
    }
  }

  async #createFolder(place: Place): Promise<FileSystemDirectoryHandle> {
    const folder = await this.#root.getDirectoryHandle(FOLDER, { create: true })
    return folder.getDirectoryHandle(place.user, { create: true })
  }
}

export function isNamed(error: unknown, name: string): boolean {
  return error instanceof Object && (error as { name?: unknown }).name === name
}

function mainName(place: Place): string {
  return `${place.database}.sqlite3`
}

function walName(place: Place): string {
  return `${mainName(place)}-wal`
}

async function fileOf(
  folder: FileSystemDirectoryHandle,
  name: string,
): Promise<FileSystemFileHandle | undefined> {
  try {
    return await folder.getFileHandle(name)
  } catch (error) {
    if (isNamed(error, 'NotFoundError')) return undefined
    throw error
  }
}

/** Not every browser can rename; a copy is compared in length before its original goes. */
async function moveFile(
  folder: FileSystemDirectoryHandle,
  file: FileSystemFileHandle,
  to: string,
): Promise<void> {
  const movable = file as FileSystemFileHandle & { move?(name: string): Promise<void> }
  if (movable.move !== undefined) return movable.move(to)
  const source = await file.createSyncAccessHandle()
  try {
    const target = await (await folder.getFileHandle(to, { create: true })).createSyncAccessHandle()
    try {
      copyContent(source, target)
    } finally {
      target.close()
    }
  } finally {
    source.close()
  }
  await folder.removeEntry(file.name)
}

function copyContent(source: FileSystemSyncAccessHandle, target: FileSystemSyncAccessHandle): void {
  const chunk = new Uint8Array(COPY_CHUNK)
  const size = source.getSize()
  for (let at = 0; at < size; at += COPY_CHUNK) {
    const count = source.read(chunk, { at })
    if (target.write(chunk.subarray(0, count), { at }) !== count)
      throw new Error('There is no room for a copy')
  }
  target.flush()
  if (target.getSize() !== size) throw new Error('The copy is not complete')
}

import { OpfsDevice } from './opfs-device.ts'
import { ifFound, moveFile, removeFile, writeFile } from './opfs-files.ts'
import { OpfsSideFiles } from './opfs-side-files.ts'
import type { Shelf } from './shelf.ts'
import type { Place, Store } from './store.ts'

const FOLDER = 'tutti'

/**
 * What a browser calls a file that another context has open: the standard's name, and WebKit's
 * (`FileSystemStorageHandle::createSyncAccessHandle` answers `InvalidState` where the file's lock is taken).
 */
const BUSY: readonly string[] = ['NoModificationAllowedError', 'InvalidStateError']

/** Databases in the origin private file system: `tutti/<user>/<database>.sqlite3`, and its WAL beside it. */
export class OpfsShelf implements Shelf {
  readonly busy = BUSY
  readonly #root: FileSystemDirectoryHandle

  constructor(root: FileSystemDirectoryHandle) {
    this.#root = root
  }

  async exists(place: Place): Promise<boolean> {
    const folder = await this.#folder(place)
    return folder !== undefined && (await ifFound(folder.getFileHandle(mainName(place)))) !== undefined
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

  /** Opens both files, making them where they are missing. Rejects with one of {@link BUSY} while another worker has one open. */
  async open(place: Place): Promise<Store> {
    const folder = await this.#createFolder(place)
    const isNew = (await ifFound(folder.getFileHandle(mainName(place)))) === undefined
    // The browser's answers take longer than its work: both are asked for at once.
    const [main, wal] = await openBoth(
      folder.getFileHandle(mainName(place), { create: true }),
      folder.getFileHandle(walName(place), { create: true }),
    )
    try {
      // A log without its file is what a deletion left that was cut short; it belongs to no database.
      if (isNew) wal.truncate(0)
    } catch (error) {
      wal.close()
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

  /** Rejects with one of {@link BUSY} while somebody has one of the files open. */
  async delete(place: Place): Promise<void> {
    const folder = await this.#folder(place)
    if (folder === undefined) return
    // What lies beside it first: cut short, the database is still there, and its deletion is asked for again.
    await this.#sideFiles(place).clear()
    // Then the file before its log: the other way round, a cut in between would leave an older database alive.
    for (const name of [mainName(place), walName(place)]) await removeFile(folder, name)
  }

  beside(place: Place): OpfsSideFiles {
    return this.#sideFiles(place)
  }

  async moveAside(place: Place, name: string): Promise<void> {
    const folder = await this.#createFolder(place)
    for (const [from, to] of [
      [walName(place), `${name}-wal`],
      [mainName(place), name],
    ] as const) {
      const file = await ifFound(folder.getFileHandle(from))
      if (file !== undefined) await moveFile(folder, file, `${place.database}.${to}`)
    }
  }

  async install(place: Place, pieces: readonly Uint8Array<ArrayBuffer>[]): Promise<void> {
    const folder = await this.#createFolder(place)
    await removeFile(folder, walName(place))
    const part = await writeFile(folder, `${place.database}.install.part`, pieces, () => Promise.resolve())
    await moveFile(folder, part, mainName(place))
  }

  #sideFiles(place: Place): OpfsSideFiles {
    return new OpfsSideFiles(place.database, (create) =>
      create ? this.#createFolder(place) : this.#folder(place),
    )
  }

  async #verify(place: Place, openSize: () => number): Promise<'present' | 'gone'> {
    try {
      const folder = await this.#folder(place)
      const file = folder === undefined ? undefined : await ifFound(folder.getFileHandle(mainName(place)))
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

  #folder(place: Place): Promise<FileSystemDirectoryHandle | undefined> {
    return ifFound(
      this.#root.getDirectoryHandle(FOLDER).then((folder) => folder.getDirectoryHandle(place.user)),
    )
  }

  async #createFolder(place: Place): Promise<FileSystemDirectoryHandle> {
    const folder = await this.#root.getDirectoryHandle(FOLDER, { create: true })
    return folder.getDirectoryHandle(place.user, { create: true })
  }
}

/** Both or none; of two errors the first file's. */
async function openBoth(
  first: Promise<FileSystemFileHandle>,
  second: Promise<FileSystemFileHandle>,
): Promise<[FileSystemSyncAccessHandle, FileSystemSyncAccessHandle]> {
  const [one, other] = await Promise.allSettled([
    first.then((file) => file.createSyncAccessHandle()),
    second.then((file) => file.createSyncAccessHandle()),
  ])
  if (one.status === 'rejected') {
    if (other.status === 'fulfilled') other.value.close()
    throw one.reason
  }
  if (other.status === 'rejected') {
    one.value.close()
    throw other.reason
  }
  return [one.value, other.value]
}

function mainName(place: Place): string {
  return `${place.database}.sqlite3`
}

function walName(place: Place): string {
  return `${mainName(place)}-wal`
}

import { ifFound, isNamed, moveFile, removeFile, writeFile } from './opfs-files.ts'
import type { SideFile, SideFiles } from './side-files.ts'

const PART = '.part'

/** Side files as plain files: `<database>.<name>`. No encoded name of a database has a dot. */
export class OpfsSideFiles implements SideFiles {
  readonly #prefix: string
  readonly #folder: (create: boolean) => Promise<FileSystemDirectoryHandle | undefined>

  /** `folder` is that of the user; `undefined` where there is none and none is to be made. */
  constructor(database: string, folder: (create: boolean) => Promise<FileSystemDirectoryHandle | undefined>) {
    this.#prefix = `${database}.`
    this.#folder = folder
  }

  async list(): Promise<readonly SideFile[]> {
    const folder = await this.#folder(false)
    if (folder === undefined) return []
    const files: SideFile[] = []
    for await (const entry of folder.keys()) {
      if (!this.#isSide(entry) || entry.endsWith(PART)) continue
      const size = await sizeOf(folder, entry)
      if (size !== undefined) files.push({ name: entry.slice(this.#prefix.length), size })
    }
    return files.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  }

  async read(name: string): Promise<Blob> {
    const folder = await this.#folder(false)
    const file = await folder?.getFileHandle(this.#prefix + name)
    if (file === undefined) throw new DOMException(`${name} is not there`, 'NotFoundError')
    return file.getFile()
  }

  async write(
    name: string,
    pieces: readonly Uint8Array<ArrayBuffer>[],
    pause = () => Promise.resolve(),
  ): Promise<void> {
    const folder = await this.#folder(true)
    if (folder === undefined) return
    // One name for all of a kind: what a cut left is overwritten by the next one.
    const part = `${this.#prefix}${/^[a-z]*/.exec(name)?.[0] ?? ''}${PART}`
    try {
      await moveFile(folder, await writeFile(folder, part, pieces, pause), this.#prefix + name)
    } catch (error) {
      await removeFile(folder, part).catch(() => undefined)
      throw error
    }
  }

  async remove(name: string): Promise<void> {
    const folder = await this.#folder(false)
    if (folder !== undefined) await removeFile(folder, this.#prefix + name)
  }

  /** Removes them all, unfinished ones too. */
  async clear(): Promise<void> {
    const folder = await this.#folder(false)
    if (folder === undefined) return
    const entries: string[] = []
    for await (const entry of folder.keys()) if (this.#isSide(entry)) entries.push(entry)
    for (const entry of entries) await removeFile(folder, entry)
  }

  #isSide(entry: string): boolean {
    const name = entry.startsWith(this.#prefix) ? entry.slice(this.#prefix.length) : 'sqlite3'
    return name !== 'sqlite3' && name !== 'sqlite3-wal'
  }
}

async function sizeOf(folder: FileSystemDirectoryHandle, name: string): Promise<number | undefined> {
  try {
    return (await ifFound(folder.getFileHandle(name).then((file) => file.getFile())))?.size
  } catch (error) {
    // Another tab is writing it.
    if (isNamed(error, 'NoModificationAllowedError') || isNamed(error, 'NotReadableError')) return undefined
    throw error
  }
}

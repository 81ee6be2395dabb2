import { open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Scripted } from './scripted.ts'

const DATABASE = 'SQLite format 3\0'
/** Byte 18 of a database in WAL mode; a backup is not. */
const WAL_MODE = 2

/** Where a database's two files lie on the disk. */
export interface OpfsFiles {
  readonly database: string
  readonly log: string
  readonly backups: readonly string[]
}

/** Finds them by their content: Chromium keeps the origin's private files under numbers. */
export async function findOpfsFiles(profile: string): Promise<OpfsFiles> {
  const folder = join(profile, 'Default', 'File System')
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const found: { database?: string; log?: string; backups: string[] } = { backups: [] }
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const head = await headOf(path)
    if (head.toString('latin1', 0, 16) === DATABASE) {
      if (head[18] === WAL_MODE) found.database = path
      else found.backups.push(path)
    }
    const magic = head.length < 4 ? 0 : head.readUInt32BE(0)
    if (magic === 0x377f0682 || magic === 0x377f0683) found.log = path
  }
  const { database, log, backups } = found
  if (database === undefined || log === undefined) throw new Error('the profile has no database in OPFS')
  return { database, log, backups }
}

/** The first bytes of a file; none of one that is gone since it was listed, as an older backup may be. */
async function headOf(path: string): Promise<Buffer> {
  try {
    return (await readFile(path)).subarray(0, 32)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return Buffer.alloc(0)
  }
}

/** The backups that there are by name, of every user: one that is still being written has none. */
export function namedBackups(tab: Scripted): Promise<string[]> {
  return tab.evaluate(async () => {
    const names: string[] = []
    const root = await navigator.storage.getDirectory()
    const all = await root.getDirectoryHandle('tutti')
    for await (const user of all.values()) {
      if (user instanceof FileSystemDirectoryHandle) for await (const name of user.keys()) names.push(name)
    }
    return names.filter((name) => /\.backup-.*\.sqlite3$/.test(name))
  })
}

/** Flips all bits of the bytes at these offsets. */
export async function flipBytes(path: string, offsets: readonly number[]): Promise<void> {
  const file = await open(path, 'r+')
  try {
    for (const at of offsets) {
      const byte = Buffer.alloc(1)
      await file.read(byte, 0, 1, at)
      byte[0] = (byte[0] ?? 0) ^ 0xff
      await file.write(byte, 0, 1, at)
    }
  } finally {
    await file.close()
  }
}

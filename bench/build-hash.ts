import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A hash of every file in a folder: what the browsers load, and so what is measured. */
export async function hashBuild(folder: string): Promise<string> {
  const hash = createHash('sha256')
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = names.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  for (const file of files.sort()) {
    hash
      .update(file.slice(folder.length))
      .update('\0')
      .update(await readFile(file))
  }
  return hash.digest('hex').slice(0, 16)
}

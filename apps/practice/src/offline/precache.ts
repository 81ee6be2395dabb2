import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { Plugin } from 'vite'

const WORKER = 'service-worker.js'

/**
 * Builds the service worker, and tells it all files of its build: what was bundled, and `public/`. Any change of
 * any of them changes the worker, which is how a browser notices a new build. The dev server has no service worker.
 */
export function precache(): Plugin {
  return {
    name: 'practice-precache',
    apply: 'build',
    buildStart() {
      const id = new URL('./service-worker.ts', import.meta.url).pathname
      this.emitFile({ type: 'chunk', id, fileName: WORKER })
    },
    async writeBundle({ dir = 'dist' }) {
      const files = await integrityOfFiles(dir)
      const build = { id: hash(JSON.stringify(files), 'hex').slice(0, 16), files }
      const worker = join(dir, WORKER)
      await writeFile(worker, `const BUILD=${JSON.stringify(build)};\n${await readFile(worker, 'utf8')}`)
    },
  }
}

/** The integrity of each file by its path, as the browser asks for it. */
async function integrityOfFiles(dir: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const names = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  for (const name of names.sort()) {
    const path = name.slice(dir.length).split(sep).join('/')
    if (path === `/${WORKER}`) continue
    found[path === '/index.html' ? '/' : path] = `sha256-${hash(await readFile(name), 'base64')}`
  }
  return found
}

function hash(bytes: string | Buffer, encoding: 'hex' | 'base64'): string {
  return createHash('sha256').update(bytes).digest(encoding)
}

import { execFile } from 'node:child_process'
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliDecompressSync } from 'node:zlib'
import { build } from 'vite'
import { root } from '../../scripts/run.mjs'
import { type Site, serve } from './serve.ts'

const run = promisify(execFile)
const library = join(root, 'packages/tutti')

/** The fixture page, built with several builds of the library and served on one origin. */
export interface Builds {
  /** 0.1.0, as it was released. */
  readonly released: Site
  /** This commit. */
  readonly present: Site
  /** This commit, but for its protocol, which is one higher. */
  readonly next: Site
  close(): Promise<void>
}

/** Builds the three and serves them. The library must have been built. */
export async function serveBuilds(): Promise<Builds> {
  const folder = await mkdtemp(join(tmpdir(), 'tutti-builds-'))
  const site = join(folder, 'site')
  const libraries = {
    released: await unpack('tutti-0.1.0', join(folder, 'released')),
    present: join(library, 'dist'),
    next: await raiseProtocol(join(folder, 'next')),
  }
  for (const [name, tutti] of Object.entries(libraries)) await buildFixture(tutti, join(site, name))
  const { url, close } = await serve(site)
  const at = (name: keyof typeof libraries): Site => ({ url: `${url}/${name}/`, close })
  return {
    released: at('released'),
    present: at('present'),
    next: at('next'),
    async close() {
      await close()
      await rm(folder, { recursive: true })
    },
  }
}

/** @returns the folder of the unpacked build */
async function unpack(name: string, folder: string): Promise<string> {
  await mkdir(folder)
  const tar = join(folder, `${name}.tar`)
  await writeFile(tar, brotliDecompressSync(await readFile(join(root, 'e2e/builds', `${name}.tar.br`))))
  await run('tar', ['-xf', tar, '-C', folder])
  const { resolve } = createRequire(join(library, 'package.json'))
  const dist = join(folder, 'package/dist')
  await copyFile(resolve('@sqlite.org/sqlite-wasm/sqlite3.wasm'), join(dist, 'sqlite3.wasm'))
  return dist
}

/**
 * Copies the built library with a protocol one higher. The page tells its workers which build they are: one line
 * makes another one of it.
 */
export async function raiseProtocol(folder: string): Promise<string> {
  await cp(join(library, 'dist'), folder, { recursive: true })
  const file = join(folder, 'protocol/version.js')
  const source = await readFile(file, 'utf8')
  const raised = source.replace(/(?<=PROTOCOL = )\d+/, (protocol) => String(Number(protocol) + 1))
  if (raised === source) throw new Error('protocol/version.js names no protocol')
  await writeFile(file, raised)
  return folder
}

async function buildFixture(tutti: string, outDir: string): Promise<void> {
  await build({
    root: join(root, 'e2e/fixture'),
    base: './',
    configFile: false,
    logLevel: 'error',
    // Its other entry points are this commit's: no test of builds loads them.
    resolve: { alias: [{ find: /^tutti$/, replacement: join(tutti, 'index.js') }] },
    build: { outDir, emptyOutDir: true },
  })
}

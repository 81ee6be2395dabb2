import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../../scripts/run.mjs'

const run = promisify(execFile)

/** The library as a registry would have it: packed, and not linked. */
export interface PackedLibrary {
  /**
   * Makes an app of the files of these folders of `e2e/packaging`, with the library in its `node_modules`.
   *
   * @returns its folder
   */
  install(...sources: readonly string[]): Promise<string>
  /** The same, by `npm install`: with the library's own dependency beside it, and some seconds slower. */
  installByNpm(...sources: readonly string[]): Promise<string>
  /** Deletes it, and all apps. */
  dispose(): Promise<void>
}

/**
 * Packs and unpacks the built library, for any number of apps. The apps lie inside the house, where everything
 * else that they need is found further up: Turbopack follows no link out of the folder of the lock file.
 */
export async function packLibrary(): Promise<PackedLibrary> {
  const home = join(root, 'e2e/.apps')
  await mkdir(home, { recursive: true })
  const apps = await mkdtemp(join(home, 'packed-'))
  const packed = await pack('packages/tutti', apps)
  await run('tar', ['-xzf', packed, '-C', apps])
  async function copy(sources: readonly string[]): Promise<string> {
    const folder = await mkdtemp(join(apps, `${sources.at(-1)}-`))
    for (const source of sources) {
      await cp(join(root, 'e2e/packaging', source), folder, { recursive: true })
    }
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
    return folder
  }
  return {
    async install(...sources) {
      const folder = await copy(sources)
      await cp(join(apps, 'package'), join(folder, 'node_modules/tutti'), { recursive: true })
      return folder
    },
    async installByNpm(...sources) {
      const folder = await copy(sources)
      // Where a registry would have the dependency, the installed one is packed.
      const dependency = await pack('node_modules/@sqlite.org/sqlite-wasm', apps)
      const options = ['--offline', '--ignore-scripts', '--no-package-lock', '--omit=peer']
      await run('npm', ['install', ...options, packed, dependency], { cwd: folder })
      return folder
    },
    dispose: () => rm(apps, { recursive: true }),
  }
}

/** @returns the file */
async function pack(folder: string, destination: string): Promise<string> {
  const { stdout } = await run(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', destination],
    {
      cwd: join(root, folder),
    },
  )
  const [packed] = JSON.parse(stdout) as { filename: string }[]
  if (packed === undefined) throw new Error(`nothing was packed of ${folder}`)
  return join(destination, packed.filename)
}

const manifest = { private: true, type: 'module', dependencies: { tutti: '*' } }

import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../../scripts/run.mjs'

const run = promisify(execFile)

/** A folder with an app's sources, and the packed library in its `node_modules`. */
export interface InstalledApp {
  readonly folder: string
  dispose(): Promise<void>
}

/** The library as a registry would have it: packed, and not linked. */
export interface PackedLibrary {
  /** Makes an app of the files of these folders of `e2e/packaging`. */
  install(...sources: readonly string[]): Promise<InstalledApp>
  dispose(): Promise<void>
}

/**
 * Packs and unpacks the built library, for any number of apps. The apps lie inside the house, where everything
 * else that they need is found further up: Turbopack follows no link out of the folder of the lock file.
 */
export async function packLibrary(): Promise<PackedLibrary> {
  const unpacked = await mkdtemp(join(tmpdir(), 'tutti-packed-'))
  const tarball = join(unpacked, 'tutti.tgz')
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', unpacked], {
    cwd: join(root, 'packages/tutti'),
  })
  const [packed] = JSON.parse(stdout) as { filename: string }[]
  if (packed === undefined) throw new Error('nothing was packed')
  await rename(join(unpacked, packed.filename), tarball)
  await run('tar', ['-xzf', tarball, '-C', unpacked])
  const apps = join(root, 'e2e/.apps')
  await mkdir(apps, { recursive: true })
  return {
    async install(...sources) {
      const folder = await mkdtemp(join(apps, `${sources.at(-1)}-`))
      for (const source of sources) {
        await cp(join(root, 'e2e/packaging', source), folder, { recursive: true })
      }
      await cp(join(unpacked, 'package'), join(folder, 'node_modules/tutti'), { recursive: true })
      await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
      return { folder, dispose: () => rm(folder, { recursive: true }) }
    },
    dispose: () => rm(unpacked, { recursive: true }),
  }
}

const manifest = { private: true, type: 'module', dependencies: { tutti: '*' } }

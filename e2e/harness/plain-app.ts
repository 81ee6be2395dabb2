import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build, createServer, preview } from 'vite'
import { root } from '../../scripts/run.mjs'

const run = promisify(execFile)

/** An app outside this repository, with a packed package installed and no configuration at all. */
export interface PlainApp {
  /** Serves it as `vite dev` does. */
  dev(): Promise<Served>
  /** Builds it and serves the result as `vite preview` does. */
  built(): Promise<Served>
  dispose(): Promise<void>
}

/** A running server. */
export interface Served {
  readonly url: string
  close(): Promise<void>
}

/**
 * Makes an app whose one page runs `main`. The package is packed and unpacked as a registry's would be: a
 * linked one would pass by the bundler's handling of dependencies, which is what is to be proved.
 *
 * @param packageFolder the package, built
 * @param main the source of the page's module
 * @param more further files of the app, by name
 */
export async function createPlainApp(
  packageFolder: string,
  main: string,
  more: Readonly<Record<string, string>> = {},
): Promise<PlainApp> {
  const folder = await mkdtemp(join(tmpdir(), 'tutti-app-'))
  const installed = await install(packageFolder, folder)
  const dependencies = { [installed]: '*' }
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies }),
  )
  await writeFile(join(folder, 'index.html'), page)
  await writeFile(join(folder, 'main.js'), main)
  for (const [name, text] of Object.entries(more)) await writeFile(join(folder, name), text)
  const config = { root: folder, configFile: false, logLevel: 'warn' } as const
  return {
    async dev() {
      const server = await createServer({ ...config, server: { host: '127.0.0.1', port: 0 } })
      await server.listen()
      return { url: addressOf(server), close: () => server.close() }
    },
    async built() {
      await build(config)
      const server = await preview({ ...config, preview: { host: '127.0.0.1', port: 0 } })
      return { url: addressOf(server), close: () => server.close() }
    },
    dispose: () => rm(folder, { recursive: true }),
  }
}

const page = `<!doctype html>
<title>A plain app</title>
<link rel="icon" href="data:,">
<script type="module" src="/main.js"></script>
`

/** Packs and unpacks a package into the app, its dependencies beside it; returns its name. */
async function install(packageFolder: string, folder: string): Promise<string> {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: packageFolder,
  })
  const [packed] = JSON.parse(stdout) as { name: string; filename: string }[]
  if (packed === undefined) throw new Error('nothing was packed')
  await run('tar', ['-xzf', join(folder, packed.filename), '-C', folder])
  await mkdir(join(folder, 'node_modules'))
  await cp(join(folder, 'package'), join(folder, 'node_modules', packed.name), { recursive: true })
  await symlink(join(root, 'node_modules/@sqlite.org'), join(folder, 'node_modules/@sqlite.org'))
  return packed.name
}

function addressOf(server: { resolvedUrls: { local: string[] } | null }): string {
  const url = server.resolvedUrls?.local[0]
  if (url === undefined) throw new Error('the server has no address')
  return url
}

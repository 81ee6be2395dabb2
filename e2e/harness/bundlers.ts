import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { createServer, build as viteBuild } from 'vite'
import { type Configuration, type Stats, webpack } from 'webpack'
import { root } from '../../scripts/run.mjs'
import { serve } from '../../scripts/serve.mjs'

/** A running server. */
export interface Served {
  readonly url: string
  close(): Promise<void>
}

/** What a response carries besides its body. */
type Headers = Readonly<Record<string, string>>

/** Builds the app of a folder as its tool does, and serves the result. */
export type Bundler = (folder: string, headers?: Headers) => Promise<Served>

const run = promisify(execFile)
const node = process.execPath

/** `vite dev`. */
export const viteDev: Bundler = async (folder) => {
  const server = await createServer({
    root: folder,
    logLevel: 'warn',
    server: { host: '127.0.0.1', port: 0 },
  })
  await server.listen()
  const url = server.resolvedUrls?.local[0]
  if (url === undefined) throw new Error('the server has no address')
  return { url, close: () => server.close() }
}

/** `vite build`. */
export const vite: Bundler = async (folder, headers = {}) => {
  await viteBuild({ root: folder, logLevel: 'warn' })
  return serve(join(folder, 'dist'), { headers })
}

/** `vite build` for browsers and for a server, which then draws the page beforehand, by the folder's script. */
export const vitePrerendered: Bundler = async (folder, headers = {}) => {
  await viteBuild({ root: folder, logLevel: 'warn' })
  await viteBuild({ root: folder, logLevel: 'warn', build: { ssr: 'server.jsx', outDir: 'server' } })
  await run(node, ['prerender.js'], { cwd: folder })
  return serve(join(folder, 'dist'), { headers })
}

/** webpack with the folder's configuration. */
export const webpackBundler: Bundler = async (folder, headers = {}) => {
  const { default: config } = (await import(join(folder, 'webpack.config.js'))) as { default: Configuration }
  await new Promise<void>((resolve, reject) => {
    webpack({ ...config, context: folder, output: { path: join(folder, 'dist') } }, (error, stats) => {
      if (error !== null) reject(error)
      else if (complaints(stats).length > 0) reject(new Error(complaints(stats).join('\n')))
      else resolve()
    })
  })
  return serve(folder, { headers })
}

/** Of a build; not that SQLite is large. */
function complaints(stats: Stats | undefined): string[] {
  const { errors = [], warnings = [] } = stats?.compilation ?? {}
  return [...errors, ...warnings]
    .map(({ message }) => message)
    .filter((message) => !/size limit|performance recommendations/.test(message))
}

/** `next build` and `next start`. */
export const next: Bundler = async (folder) => {
  const bin = join(root, 'node_modules/next/dist/bin/next')
  const options = { cwd: folder, env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' } }
  await run(node, [bin, 'build'], options)
  const server = spawn(node, [bin, 'start', '--hostname', '127.0.0.1', '--port', '0'], options)
  const ended = once(server, 'exit')
  for await (const line of createInterface(server.stdout)) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]
    if (url === undefined) continue
    const close = async () => {
      server.kill()
      await ended
    }
    return { url, close }
  }
  throw new Error('next start has no address')
}

/** esbuild, by the folder's script. */
export const esbuild: Bundler = async (folder, headers = {}) => {
  await run(node, ['build.mjs'], { cwd: folder })
  return serve(join(folder, 'dist'), { headers })
}

/** No bundler: the folder as it is. */
export const noBundler: Bundler = (folder, headers = {}) => serve(folder, { headers })

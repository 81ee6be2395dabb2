import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { flushTeller } from './page/flush-count.ts'
import type { Peer } from './peers/list.ts'

const folder = fileURLToPath(new URL('./page/dist', import.meta.url))

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
}

const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

/** An origin of one peer's own: its storage, its locks and its headers are nobody else's. */
export interface Site {
  readonly url: string
  /** Paths of the files that were asked for, workers' too. */
  readonly asked: ReadonlySet<string>
  close(): void
}

/** @param count whether every script tells of its flushes; never where times count */
export async function serveSite(peer: Peer, { count = false } = {}): Promise<Site> {
  const asked = new Set<string>()
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname)
    const file = path === '/' ? '/index.html' : path
    readFile(join(folder, file)).then(
      (content) => {
        asked.add(file)
        const type = extname(file)
        response.writeHead(200, {
          'content-type': types[type] ?? 'application/octet-stream',
          // Names have hashes, as a deployed app's have.
          'cache-control': type === '.html' ? 'no-cache' : 'public, max-age=31536000, immutable',
          ...(peer.isolated && ISOLATION),
        })
        response.end(count && type === '.js' ? flushTeller() + content.toString() : content)
      },
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    url: `http://127.0.0.1:${address.port}/?peer=${peer.name}`,
    asked,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

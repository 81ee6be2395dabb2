import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spyTeller } from './page/spy.ts'
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

/** What loads a file: the page's thread, or a worker. What is no script is data, whoever loads it. */
export type Side = 'page' | 'worker' | 'data'

/** An origin of one peer's own: its storage, its locks and its headers are nobody else's. */
export interface Site {
  readonly url: string
  /** The files that were asked for so far. */
  readonly asked: ReadonlyMap<string, { readonly side: Side; readonly content: Buffer }>
  close(): void
}

/** @param spied whether every script tells of its flushes and messages; never where times count */
export async function serveSite(peer: Peer, { spied = false } = {}): Promise<Site> {
  const asked = new Map<string, { side: Side; content: Buffer }>()
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname)
    const file = path === '/' ? '/index.html' : path
    readFile(join(folder, file)).then(
      (content) => {
        if (!asked.has(file)) asked.set(file, { side: sideOf(file, request, asked), content })
        const type = extname(file)
        response.writeHead(200, {
          'content-type': types[type] ?? 'application/octet-stream',
          // Names have hashes, as a deployed app's have.
          'cache-control': type === '.html' ? 'no-cache' : 'public, max-age=31536000, immutable',
          ...(peer.isolated && ISOLATION),
        })
        response.end(spied && type === '.js' ? spyTeller() + content.toString() : content)
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

/** A script is loaded by whoever it names as its referrer, but for a worker's first one. */
function sideOf(
  file: string,
  { headers }: IncomingMessage,
  asked: ReadonlyMap<string, { readonly side: Side }>,
): Side {
  if (extname(file) !== '.js') return 'data'
  if (/worker/.test(String(headers['sec-fetch-dest']))) return 'worker'
  const referrer = headers.referer === undefined ? '/' : new URL(headers.referer).pathname
  return asked.get(referrer)?.side === 'worker' ? 'worker' : 'page'
}

import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'

/** @type {Record<string, string>} */
const types = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
}

/**
 * Serves a folder on 127.0.0.1. A path without a file and without an extension gets `index.html`, so that a
 * single-page app can be opened at any of its paths.
 *
 * @param {string} folder
 * @param {{ port?: number, headers?: Readonly<Record<string, string>> }} [options] port 0, the default, takes
 *   any free one; a taken port falls back to that. `headers` go with every file
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function serve(folder, { port = 0, headers = {} } = {}) {
  const server = createServer((request, response) => {
    void answer(folder, headers, request, response)
  })
  const taken = await listen(server, port).catch((/** @type {NodeJS.ErrnoException} */ error) => {
    if (error.code !== 'EADDRINUSE') throw error
    return listen(server, 0)
  })
  return {
    url: `http://127.0.0.1:${taken}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}

/**
 * @param {string} folder
 * @param {Readonly<Record<string, string>>} headers
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function answer(folder, headers, request, response) {
  const path = pathOf(request.url ?? '/')
  const file = path === undefined ? undefined : await findFile(folder, path)
  if (file === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) {
    response.writeHead(file === undefined ? 404 : 405).end()
    return
  }
  // A file with a hash in its name never changes; anything else is asked for anew.
  const immutable = /-[\w-]{8}\.\w+$/.test(file)
  response.writeHead(200, {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'cache-control': immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...headers,
  })
  if (request.method === 'HEAD') response.end()
  else createReadStream(file).pipe(response)
}

/**
 * @param {string} url
 * @returns {string | undefined} a path that cannot leave its folder
 */
function pathOf(url) {
  try {
    return normalize(decodeURIComponent(new URL(url, 'http://localhost').pathname))
  } catch {
    return undefined
  }
}

/**
 * @param {string} folder
 * @param {string} path
 */
async function findFile(folder, path) {
  const candidates = [join(folder, path), join(folder, path, 'index.html')]
  if (extname(path) === '') candidates.push(join(folder, 'index.html'))
  for (const candidate of candidates) {
    const found = await stat(candidate).catch(() => undefined)
    if (found?.isFile()) return candidate
  }
  return undefined
}

/**
 * @param {import('node:http').Server} server
 * @param {number} port
 * @returns {Promise<number>} the port taken
 */
function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('the server has no port'))
      else resolve(address.port)
    })
  })
}

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serve } from './serve.mjs'

describe('serve', () => {
  let folder = ''
  /** @type {Awaited<ReturnType<typeof serve>>} */
  let server

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tutti-serve-'))
    await mkdir(join(folder, 'public'))
    await writeFile(join(folder, 'secret.txt'), 'secret')
    await writeFile(join(folder, 'public/index.html'), 'the app')
    await writeFile(join(folder, 'public/sqlite3.wasm'), 'wasm')
    server = await serve(join(folder, 'public'))
  })

  afterEach(async () => {
    await server.close()
    await rm(folder, { recursive: true })
  })

  it.each(['/', '/practice', '/debug/db', '/index.html?x=1'])('answers %s with the app', async (path) => {
    const response = await fetch(server.url + path)
    expect(await response.text()).toBe('the app')
    expect(response.headers.get('content-type')).toContain('text/html')
  })

  it('names the type that a streaming compilation needs', async () => {
    const response = await fetch(`${server.url}/sqlite3.wasm`)
    expect(response.headers.get('content-type')).toBe('application/wasm')
  })

  it.each(['/missing.js', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/%ff'])(
    'has nothing at %s',
    async (path) => {
      expect((await fetch(server.url + path)).status).toBe(404)
    },
  )

  it('sends the headers that it is given, which count more than its own', async () => {
    const headers = { 'content-security-policy': "default-src 'self'", 'cache-control': 'no-store' }
    const strict = await serve(join(folder, 'public'), { headers })
    const response = await fetch(`${strict.url}/sqlite3.wasm`)
    expect(response.headers.get('content-security-policy')).toBe("default-src 'self'")
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('content-type')).toBe('application/wasm')
    await strict.close()
  })

  it('takes another port where the one asked for is taken', async () => {
    const second = await serve(join(folder, 'public'), { port: Number(new URL(server.url).port) })
    expect(await (await fetch(second.url)).text()).toBe('the app')
    expect(second.url).not.toBe(server.url)
    await second.close()
  })
})

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WorkerFailedError } from '../errors/errors.ts'
import { compileWasm } from './compile-wasm.ts'

const WASM = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
const requests: string[] = []
let server: Server
let base: string

beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    requests.push(url)
    const type = url === '/typed.wasm' ? 'application/wasm' : 'application/octet-stream'
    response.writeHead(url.endsWith('.wasm') ? 200 : 404, { 'content-type': type })
    response.end(url === '/broken.wasm' ? 'not wasm' : WASM)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => server.close())

it('compiles while it streams', async () => {
  expect(await compileWasm(new URL('/typed.wasm', base))).toBeInstanceOf(WebAssembly.Module)
  expect(requests).toEqual(['/typed.wasm'])
})

it('compiles also where the server names another type', async () => {
  expect(await compileWasm(new URL('/untyped.wasm', base))).toBeInstanceOf(WebAssembly.Module)
})

it.each([
  ['is not there', '/missing', 'HTTP status 404'],
  ['is something else', '/broken.wasm', 'CompileError'],
])('P4: a file that %s ends in WorkerFailedError, with its cause', async (_what, path, cause) => {
  const error: unknown = await compileWasm(new URL(path, base)).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(WorkerFailedError)
  expect(String((error as WorkerFailedError).cause)).toContain(cause)
})

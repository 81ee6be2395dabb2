import { WorkerFailedError } from '../errors/errors.ts'

/**
 * Fetches and compiles SQLite: while it streams where the server names the type `application/wasm`; other
 * servers get the slower way, because a wrong MIME type is common and harmless here.
 *
 * @throws {WorkerFailedError} when it cannot be loaded or compiled
 */
export async function compileWasm(url: URL): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compileStreaming(fetch(url))
  } catch {
    return await compileWhole(url)
  }
}

async function compileWhole(url: URL): Promise<WebAssembly.Module> {
  try {
    const response = await fetch(url)
    if (!response.ok) throw new Error(`HTTP status ${response.status}`)
    return await WebAssembly.compile(await response.arrayBuffer())
  } catch (cause) {
    throw new WorkerFailedError(
      `SQLite could not be loaded from ${url.href}: check that this file is served, and that a ` +
        `Content-Security-Policy allows 'wasm-unsafe-eval'.`,
      { cause },
    )
  }
}

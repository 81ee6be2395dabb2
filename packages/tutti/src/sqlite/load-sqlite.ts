import initialize from '@sqlite.org/sqlite-wasm'
import type { Library } from './library.ts'
import { Sqlite } from './sqlite.ts'

/** Where the wasm comes from. With none of these, the build looks beside its own script. */
export interface LoadOptions {
  /** Compiled already, by the page: nothing is fetched and nothing is compiled. */
  readonly module?: WebAssembly.Module
  readonly wasmUrl?: string
  readonly binary?: ArrayBuffer
}

/** What Emscripten's start-up takes; the build's own types leave it out. */
interface Startup {
  instantiateWasm?(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object
  locateFile?(name: string): string
  wasmBinary?: ArrayBuffer
  print(): void
}

interface ApiConfig {
  readonly disable: { readonly vfs: Readonly<Record<string, boolean>> }
}

const start = initialize as unknown as (startup: Startup) => Promise<Library>

/**
 * Starts one instance of SQLite. Each call makes a new one, with a heap of its own. The storage
 * back ends that the build brings along are left out: they start workers and log what they miss.
 */
export function loadSqlite(options: LoadOptions = {}): Promise<Sqlite> {
  const loaded = pending.then(() => load(options))
  pending = loaded.then(
    () => undefined,
    () => undefined,
  )
  return loaded
}

/** The build reads its configuration from a global and deletes it: one start at a time. */
let pending = Promise.resolve()

function load(options: LoadOptions): Promise<Sqlite> {
  const { module, wasmUrl, binary } = options
  const scope = globalThis as { sqlite3ApiConfig?: ApiConfig }
  return new Promise<Library>((resolve, reject) => {
    const startup: Startup = { print: () => undefined }
    if (wasmUrl !== undefined) startup.locateFile = () => wasmUrl
    if (binary !== undefined) startup.wasmBinary = binary
    if (module !== undefined) {
      startup.instantiateWasm = (imports, done) => {
        // The hook has no way to report a failure, so it goes around it.
        WebAssembly.instantiate(module, imports).then((instance) => done(instance, module), reject)
        return {}
      }
    }
    // Read, and deleted again, by the build once its wasm is up.
    scope.sqlite3ApiConfig = {
      disable: { vfs: { opfs: true, 'opfs-vfs': true, 'opfs-sahpool': true, 'opfs-wl': true, kvvfs: true } },
    }
    start(startup).then(resolve, reject)
  }).then((library) => new Sqlite(library))
}

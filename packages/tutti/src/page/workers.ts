/**
 * The only place that names the workers' files and the wasm: bundlers find them by these exact
 * expressions, and what they name exists in the built package.
 */
export function startMemberWorker(): Worker {
  return new Worker(new URL('../member/worker.js', import.meta.url), { type: 'module', name: 'tutti-member' })
}

export function startPrimaryWorker(): Worker {
  return new Worker(new URL('../primary/worker.js', import.meta.url), {
    type: 'module',
    name: 'tutti-primary',
  })
}

export function wasmUrl(): URL {
  return new URL('../sqlite3.wasm', import.meta.url)
}

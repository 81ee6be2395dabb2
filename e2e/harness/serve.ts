import { fileURLToPath } from 'node:url'
import { serve } from '../../scripts/serve.mjs'

export { serve }

/** A folder served on a port of its own. */
export type Site = Awaited<ReturnType<typeof serve>>

/** Serves the built fixture page. */
export function serveFixture(): Promise<Site> {
  return serve(fileURLToPath(new URL('../fixture/dist', import.meta.url)))
}

/** Serves the built Practice app. */
export function servePractice(options?: Parameters<typeof serve>[1]): Promise<Site> {
  return serve(fileURLToPath(new URL('../../apps/practice/dist', import.meta.url)), options)
}

/** Serves the built page that runs the storage contract. */
export function serveContract(): Promise<Site> {
  return serve(fileURLToPath(new URL('../contract/dist', import.meta.url)))
}

/** Serves the built page that draws in four frameworks. */
export function serveFrameworks(): Promise<Site> {
  return serve(fileURLToPath(new URL('../frameworks/dist', import.meta.url)))
}

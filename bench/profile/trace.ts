import type { Browser } from 'playwright-core'

/** What of Chromium's trace events is read here. Times are µs. */
export interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly dur?: number
  /** How long the thread ran on a core. */
  readonly tdur?: number
  readonly id?: string
  readonly args: {
    readonly name?: string
    readonly data?: {
      readonly cpuProfile?: { readonly nodes?: readonly ProfileNode[]; readonly samples?: readonly number[] }
      readonly timeDeltas?: readonly number[]
    }
  }
}

export interface ProfileNode {
  readonly id: number
  readonly parent?: number
  readonly callFrame: { readonly functionName: string; readonly url?: string; readonly lineNumber?: number }
}

const categories = ['__metadata', 'toplevel', 'v8', 'disabled-by-default-v8.cpu_profiler']

/** All that the browser's processes do while `run` does. */
export async function traceWhile(browser: Browser, run: () => Promise<unknown>): Promise<TraceEvent[]> {
  await browser.startTracing(undefined, { categories })
  let trace: Buffer
  try {
    await run()
  } finally {
    trace = await browser.stopTracing()
  }
  return (JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] }).traceEvents
}

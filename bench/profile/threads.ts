import type { ProfileNode, TraceEvent } from './trace.ts'

/** What one thread did while it was traced. Times are ms. */
export interface ThreadProfile {
  /** Of which process it is one: `Renderer 1`, `Browser`. */
  readonly process: string
  readonly thread: string
  /** On a core, in tasks. */
  readonly busy: number
  readonly tasks: number
  /** Of JavaScript's functions, and of what stands for the engine: `(garbage collector)`, `(program)`. */
  readonly own: ReadonlyMap<string, number>
}

const TASK = 'ThreadControllerImpl::RunTask'

/** Each thread that ran at all, the busiest first. */
export function profileThreads(events: readonly TraceEvent[]): ThreadProfile[] {
  const processes = nameProcesses(events)
  const threads = new Map<string, { process: string; thread: string; events: TraceEvent[] }>()
  for (const event of events) {
    if (event.ph !== 'M' || event.name !== 'thread_name') continue
    threads.set(keyOf(event), {
      process: processes.get(event.pid) ?? String(event.pid),
      thread: event.args.name ?? '',
      events: [],
    })
  }
  for (const event of events) threads.get(keyOf(event))?.events.push(event)
  const profiles = profilesIn(events)
  return [...threads]
    .map(([key, { process, thread, events: its }]) => {
      const tasks = outermost(its.filter(({ name, ph }) => name === TASK && ph === 'X'))
      const busy = tasks.reduce((sum, { tdur = 0 }) => sum + tdur, 0) / 1000
      return {
        process,
        thread,
        busy,
        tasks: tasks.length,
        own: profiles.get(key) ?? new Map<string, number>(),
      }
    })
    .filter(({ busy }) => busy > 0)
    .sort((a, b) => b.busy - a.busy)
}

function keyOf({ pid, tid }: TraceEvent): string {
  return `${pid} ${tid}`
}

function nameProcesses(events: readonly TraceEvent[]): Map<number, string> {
  const names = new Map<number, string>()
  let renderers = 0
  for (const { ph, name, pid, args } of events.toSorted((a, b) => a.pid - b.pid)) {
    if (ph !== 'M' || name !== 'process_name' || names.has(pid)) continue
    names.set(pid, args.name === 'Renderer' ? `Renderer ${++renderers}` : (args.name ?? ''))
  }
  return names
}

function outermost(tasks: readonly TraceEvent[]): TraceEvent[] {
  let end = Number.NEGATIVE_INFINITY
  return tasks
    .toSorted((a, b) => a.ts - b.ts)
    .filter(({ ts, dur = 0 }) => {
      if (ts < end) return false
      end = ts + dur
      return true
    })
}

/** Own time by function, of each thread that was sampled. */
function profilesIn(events: readonly TraceEvent[]): Map<string, Map<string, number>> {
  const threads = new Map<string, string>()
  const nodes = new Map<string, Map<number, ProfileNode>>()
  const own = new Map<string, Map<string, number>>()
  for (const event of events) {
    const profile = `${event.pid} ${event.id}`
    if (event.name === 'Profile') threads.set(profile, keyOf(event))
    if (event.name !== 'ProfileChunk') continue
    const { cpuProfile, timeDeltas = [] } = event.args.data ?? {}
    const known = nodes.get(profile) ?? new Map<number, ProfileNode>()
    nodes.set(profile, known)
    for (const node of cpuProfile?.nodes ?? []) known.set(node.id, node)
    const times = own.get(profile) ?? new Map<string, number>()
    own.set(profile, times)
    for (const [i, id] of (cpuProfile?.samples ?? []).entries()) {
      const name = nameOf(known.get(id))
      times.set(name, (times.get(name) ?? 0) + (timeDeltas[i] ?? 0) / 1000)
    }
  }
  return new Map([...own].map(([profile, times]) => [threads.get(profile) ?? profile, times]))
}

function nameOf(node: ProfileNode | undefined): string {
  if (node === undefined) return '(unknown)'
  const { functionName, url = '', lineNumber = 0 } = node.callFrame
  if (functionName.startsWith('(')) return functionName
  if (url.startsWith('wasm:')) return 'SQLite'
  const file = url.slice(url.lastIndexOf('/') + 1).replace(/-[\w-]{8}\.js$/, '')
  return `${functionName || '(anonymous)'} ${file}${url === '' ? '' : `:${lineNumber + 1}`}`
}

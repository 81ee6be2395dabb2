import type { DiskFault, SimulationOptions } from '../../src/platform/simulated.ts'
import type { PlannedCall } from '../history/planned-calls.ts'
import type { Fault } from './chaos.ts'
import type { Moment } from './moment.ts'

/**
 * All that a run of the cluster does, as data. What it leaves open (latencies, the order of what happens at
 * once, what a power cut takes) its `seed` decides; so a script without some of its parts is a script too.
 */
export interface Script {
  readonly seed: number
  readonly timing: Partial<SimulationOptions>
  readonly storage: 'opfs' | 'indexeddb' | 'memory'
  readonly tabs: readonly TabScript[]
  readonly faults: readonly Fault[]
  readonly diskFaults: readonly DiskFaultScript[]
  /** From then on the disk takes only so many bytes more, until the faults are over. */
  readonly quota?: { readonly at: number; readonly room: number } | undefined
  /** Whether the tabs keep backups, one a second. */
  readonly backup?: boolean | undefined
  /** How long the faults last, ms; whatever they have not undone then passes. */
  readonly length: number
  /** Where it is struck, besides. */
  readonly moment?: Moment | undefined
  /** How long it is quiet afterwards before the end, ms. */
  readonly rest: number
  /** `power cut`: all tabs die in the middle of it, and what was not flushed is lost. */
  readonly ending: 'quiet' | 'browser killed' | 'power cut'
}

export interface TabScript {
  readonly name: string
  /** ms. */
  readonly opensAt: number
  readonly replica: 'auto' | 'never'
  readonly durability: 'full' | 'relaxed'
  /** The calls of each life: the tab is opened anew when it was killed. Past the last one it only opens. */
  readonly lives: readonly (readonly PlannedCall[])[]
}

/** An operation of the disk that fails. */
export interface DiskFaultScript {
  /** ms. */
  readonly at: number
  /** The how manieth operation from then on. */
  readonly operation: number
  readonly fault: DiskFault
  /** Whether all that follow fail too, until the faults are over. */
  readonly lasting: boolean
}

/** A script as a few lines that a person reads. */
export function tell(script: Script): string {
  const { tabs, faults, diskFaults, ...rest } = script
  const lines = [JSON.stringify(rest)]
  for (const { name, lives, ...options } of tabs) {
    const calls = lives.map((life) => life.map(({ kind, wait }) => (wait ? `${kind};` : kind)).join(' '))
    lines.push(`tab ${name} ${JSON.stringify(options)}: ${calls.join(' | ')}`)
  }
  for (const { at, kind, tab, ms } of faults) lines.push(`at ${at}: ${kind} ${tab}, ${ms} ms`)
  for (const { at, operation, fault, lasting } of diskFaults)
    lines.push(`at ${at}: operation ${operation} of the disk: ${fault}${lasting ? ', and from then on' : ''}`)
  return lines.join('\n')
}

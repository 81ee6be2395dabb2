import type { Params } from '../protocol/values.ts'
import { writtenRegisters } from './opcodes.ts'
import type { Instruction, Program } from './program.ts'

/** Those of SQLite that give another value each time, or tell the time. */
const VOLATILE: ReadonlySet<string> = new Set([
  'random',
  'randomblob',
  'current_date',
  'current_time',
  'current_timestamp',
])
/** Those that tell the time where they are asked to, and by the place of their first time among their arguments. */
const OF_TIMES: ReadonlyMap<string, number> = new Map([
  ['date', 0],
  ['time', 0],
  ['datetime', 0],
  ['julianday', 0],
  ['unixepoch', 0],
  ['strftime', 1],
  ['timediff', 0],
])
/** Texts that stand for the present, as a time or, with some of these, also as a modifier. */
const PRESENT = /^(now|subsec|subsecond)$/i

/** Whether a statement calls a function that may make the present of a text that it is given. */
export function tellsTimes(called: ReadonlySet<string>): boolean {
  return [...called].some((name) => OF_TIMES.has(name))
}

/** Whether a parameter is such a text. */
export function namesPresent(params: Params): boolean {
  return Object.values(params).some((value) => typeof value === 'string' && PRESENT.test(value))
}

/**
 * Whether a statement calls what may give another result though nothing that it reads has changed. The
 * functions that it calls the authorizer names, not what they are called with: that, its program shows.
 * A time that stands in a column is taken for one that does not pass.
 *
 * @param isDeterministic of the app's own functions; `undefined` for others
 */
export function isVolatile(
  { instructions }: Program,
  called: ReadonlySet<string>,
  isDeterministic: (name: string) => boolean | undefined,
): boolean {
  for (const name of called) if (VOLATILE.has(name) || isDeterministic(name) === false) return true
  if (!tellsTimes(called)) return false
  return instructions.some(
    (instruction, i) =>
      (instruction.opcode === 'String8' && PRESENT.test(String(instruction.p4))) ||
      lacksTime(instruction, instructions.slice(0, i)),
  )
}

/** Whether a function is called without a time, which means the present. */
function lacksTime({ opcode, p1, p2, p4 }: Instruction, before: readonly Instruction[]): boolean {
  if (opcode !== 'Function' && opcode !== 'PureFunc') return false
  const place = OF_TIMES.get(String(p4).replace(/\(.*/, ''))
  if (place === undefined) return false
  // Without arguments there is no first register.
  if (p2 === 0) return true
  // How many there are is not shown: one is either constant, which P1 says, or made before the call.
  const constant = ((p1 >> place) & 1) === 1
  return !constant && !before.some((instruction) => writes(instruction, p2 + place))
}

function writes(instruction: Instruction, register: number): boolean {
  const [first, last] = writtenRegisters(instruction)
  return first <= register && register <= last
}

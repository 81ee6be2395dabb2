import { FunctionsFailedError } from '../../errors/errors.ts'
import type { SqlFunctions } from '../../protocol/functions.ts'

const MOST_ARGUMENTS = 127
const LONGEST_NAME = 255
const SCALAR: readonly string[] = ['args', 'deterministic', 'call']
const AGGREGATE: readonly string[] = ['args', 'deterministic', 'start', 'step', 'inverse', 'result']

/**
 * What a module exports, judged: it is the app's, and nobody has compiled it with this package.
 * @throws FunctionsFailedError naming what cannot be used
 */
export function checkFunctions(module: unknown): SqlFunctions {
  const exported = isRecord(module) && 'default' in module ? module['default'] : module
  if (!isRecord(exported)) throw failed('exports no { functions, collations }')
  const { functions = {}, collations = {} } = exported
  if (!isRecord(functions)) throw failed("has 'functions' that are no object")
  if (!isRecord(collations)) throw failed("has 'collations' that are no object")
  for (const [name, definition] of Object.entries(functions)) {
    checkName(name)
    checkFunction(name, definition)
  }
  for (const [name, compare] of Object.entries(collations)) {
    checkName(name)
    if (typeof compare !== 'function') throw failed(`: collation '${name}' is not a function (a, b)`)
  }
  return exported
}

function checkName(name: string): void {
  const length = new TextEncoder().encode(name).length
  if (length === 0 || length > LONGEST_NAME) throw failed(`: the name '${name}' is empty or too long`)
  if (/^(tutti|sqlite)_/i.test(name)) throw failed(`: the name '${name}' is reserved`)
}

function checkFunction(name: string, definition: unknown): void {
  if (!isRecord(definition)) throw failed(`: function '${name}' is not { call } or { start, step, result }`)
  const { args = -1, deterministic = false } = definition
  const parts = 'call' in definition ? ['call'] : ['start', 'step', 'result']
  const known = 'call' in definition ? SCALAR : AGGREGATE
  const unknown = Object.keys(definition).find((key) => !known.includes(key))
  if (unknown !== undefined)
    throw failed(`: function '${name}' has no '${unknown}'; it has ${known.join(', ')}`)
  for (const part of parts) {
    if (typeof definition[part] !== 'function') throw failed(`: '${part}' of function '${name}' is missing`)
  }
  if (!['undefined', 'function'].includes(typeof definition['inverse'])) {
    throw failed(`: 'inverse' of function '${name}' is no function`)
  }
  if (!Number.isInteger(args) || Number(args) < -1 || Number(args) > MOST_ARGUMENTS) {
    throw failed(`: 'args' of function '${name}' must be a whole number up to ${MOST_ARGUMENTS}`)
  }
  if (typeof deterministic !== 'boolean') {
    throw failed(`: 'deterministic' of function '${name}' must be true or false`)
  }
}

/** A module's namespace, too, has no prototype of its own to look at. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function failed(what: string): FunctionsFailedError {
  const separator = what.startsWith(':') ? '' : ' '
  return new FunctionsFailedError(`The module of 'functions'${separator}${what}.`, { outcome: 'not-applied' })
}

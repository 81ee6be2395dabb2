import type { Param, Params } from '../protocol/values.ts'
import { isCursorOperation, isKnown, writtenRegisters } from './opcodes.ts'
import type { Instruction, Program } from './program.ts'
import type { KeyColumn, SchemaCatalog } from './schema-catalog.ts'

/** A value that a key is compared with. */
export type KeyValue =
  | { readonly literal: Param }
  /** By its number, from 1, and its name, where it has one. */
  | { readonly parameter: number; readonly name: string | null }

/** How a statement finds the one row that it reads of a table. */
export interface PointRead {
  /** All columns of a unique key; `null`: it is the rowid. */
  readonly columns: readonly KeyColumn[] | null
  readonly values: readonly KeyValue[]
}

const SEEKS: ReadonlySet<string> = new Set(['SeekRowid', 'NotExists'])
const ON_TABLE: ReadonlySet<string> = new Set([
  'OpenRead',
  'Column',
  'Rowid',
  'NullRow',
  'IfNullRow',
  'SeekRowid',
  'NotExists',
])
const ON_INDEX: ReadonlySet<string> = new Set([
  'OpenRead',
  'Column',
  'IdxRowid',
  'NullRow',
  'IfNullRow',
  'SeekGE',
  'IdxGT',
  'DeferredSeek',
])

/**
 * The tables of which a program reads one row at most, found by its rowid or by a unique key, whose values
 * do not change while it runs. Where a program does anything that is not understood here, none.
 */
export function findPoints(program: Program, catalog: SchemaCatalog): Map<string, PointRead> {
  const points = new Map<string, PointRead>()
  if (!program.instructions.every(({ opcode }) => isKnown(opcode))) return points
  for (const [table, kind] of catalog.kinds) {
    const point = kind === 'ordinary' ? findPoint(program, catalog, table) : undefined
    if (point !== undefined) points.set(table, point)
  }
  return points
}

function findPoint(program: Program, catalog: SchemaCatalog, table: string): PointRead | undefined {
  const opened = catalog
    .treesOf(table)
    .flatMap((tree) => program.cursorsOn(tree.root).map((cursor) => ({ ...tree, cursor })))
  const own = opened.filter(({ index }) => index === undefined)
  const indexes = opened.filter(({ index }) => index !== undefined)
  if (own.length > 1 || indexes.length > 1) return undefined
  const onTable = own.flatMap(({ cursor }) => operationsOn(program, cursor))
  if (!onTable.every(({ opcode }) => ON_TABLE.has(opcode))) return undefined
  const seeks = onTable.filter(({ opcode }) => SEEKS.has(opcode))
  const [indexed] = indexes
  if (indexed?.index === undefined) {
    const values = seeks.length === 1 ? keyValues(program, seeks[0]?.p3 ?? 0, 1) : undefined
    return values === undefined ? undefined : { columns: null, values }
  }
  // To the row of an index's entry the table goes by DeferredSeek, and nowhere else.
  if (seeks.length > 0) return undefined
  const { unique } = indexed.index
  const onIndex = operationsOn(program, indexed.cursor)
  if (unique === undefined) return undefined
  if (!onIndex.every(({ opcode }) => ON_INDEX.has(opcode))) return undefined
  const [first, ...moreFirst] = onIndex.filter(({ opcode }) => opcode === 'SeekGE')
  const [last, ...moreLast] = onIndex.filter(({ opcode }) => opcode === 'IdxGT')
  if (first === undefined || last === undefined || moreFirst.length + moreLast.length > 0) return undefined
  if (first.p3 !== last.p3 || first.p4 !== last.p4 || Number(first.p4) !== unique.length) return undefined
  const values = keyValues(program, first.p3, unique.length)
  return values === undefined ? undefined : { columns: unique, values }
}

function operationsOn({ instructions }: Program, cursor: number): Instruction[] {
  return instructions.filter(({ opcode, p1 }) => p1 === cursor && isCursorOperation(opcode))
}

/** What stands in these registers; `undefined` where any of them may change. */
function keyValues(program: Program, first: number, count: number): KeyValue[] | undefined {
  const values = Array.from({ length: count }, (_, i) => keyValue(program, first + i))
  return values.every((value) => value !== undefined) ? values : undefined
}

function keyValue({ instructions, parameters }: Program, register: number): KeyValue | undefined {
  const [writer, ...more] = instructions.filter((instruction) => {
    const [first, last] = writtenRegisters(instruction)
    return first <= register && register <= last
  })
  if (writer === undefined || more.length > 0) return undefined
  switch (writer.opcode) {
    case 'Integer':
      return { literal: writer.p1 }
    case 'String8':
      return { literal: String(writer.p4) }
    case 'Variable':
      return { parameter: writer.p1, name: parameters[writer.p1 - 1] ?? null }
    default:
      return undefined
  }
}

/** The value that a key has with these parameters; `undefined` where they lack it. */
export function keyValueOf(value: KeyValue, params: Params): Param | undefined {
  if ('literal' in value) return value.literal
  const { parameter, name } = value
  if (isPositional(params)) return params[parameter - 1]
  if (name === null) return undefined
  return Object.hasOwn(params, name) ? params[name] : params[name.slice(1)]
}

function isPositional(params: Params): params is readonly Param[] {
  return Array.isArray(params)
}

/** A rowid, or `undefined` for what SQLite would first have to make one of. */
export function toRowid(value: Param | undefined): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value ? 1n : 0n
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined
}

import type { SqlValue } from '../protocol/values.ts'
import type { Connection } from './connection.ts'
import { isCursorOperation } from './opcodes.ts'
import type { Tree } from './schema-catalog.ts'
import { SqliteFailure } from './sqlite-failure.ts'

/** One instruction of sqlite.org/opcode.html. */
export interface Instruction {
  readonly opcode: string
  readonly p1: number
  readonly p2: number
  readonly p3: number
  readonly p4: SqlValue
}

/** A b-tree that a program reads: `undefined` where it cannot be told which. */
export interface TreeRead {
  readonly tree: Tree | undefined
  /** Columns that are taken out of its rows, by their place in the row; `null`: the rows as a whole. */
  readonly stored: readonly number[] | null
}

const WHOLE_ROWS: ReadonlySet<string> = new Set(['RowData', 'RowCell'])
const OPENS: ReadonlySet<string> = new Set(['OpenRead', 'ReopenIdx'])
const COUNTS: ReadonlySet<string> = new Set([...OPENS, 'Count', 'Close'])
/** The root page is in a register. */
const ROOT_IN_REGISTER = 0x10

/** The program into which SQLite has compiled a statement. */
export class Program {
  readonly instructions: readonly Instruction[]
  /** Names of the parameters, `null` for a plain `?`. */
  readonly parameters: readonly (string | null)[]
  /** Root pages by cursor. */
  readonly #roots = new Map<number, Set<number>>()

  constructor(rows: readonly (readonly SqlValue[])[], parameters: readonly (string | null)[]) {
    this.parameters = parameters
    this.instructions = rows.map(([, opcode, p1, p2, p3, p4]) => ({
      opcode: String(opcode),
      p1: Number(p1),
      p2: Number(p2),
      p3: Number(p3),
      p4: p4 ?? null,
    }))
    for (const [i, { opcode, p1, p2 }] of this.instructions.entries()) {
      if (!OPENS.has(opcode)) continue
      const roots = this.#roots.get(p1) ?? new Set()
      const inRegister = (Number(rows[i]?.[6]) & ROOT_IN_REGISTER) !== 0
      this.#roots.set(p1, roots.add(inRegister ? Number.NaN : p2))
    }
  }

  /** Cursors that are opened on this tree. */
  cursorsOn(root: number): number[] {
    return [...this.#roots].filter(([, roots]) => roots.has(root)).map(([cursor]) => cursor)
  }

  /** Everything of the main database that is read. */
  reads(trees: ReadonlyMap<number, Tree>): TreeRead[] {
    return [...this.#roots].flatMap(([cursor, roots]) => {
      const on = this.instructions.filter(({ opcode, p1 }) => p1 === cursor && isCursorOperation(opcode))
      // How many entries an index has is how many rows the table has.
      if (on.every(({ opcode }) => COUNTS.has(opcode))) return counted(roots, trees)
      const whole = on.some(({ opcode }) => WHOLE_ROWS.has(opcode))
      const stored = whole ? null : on.flatMap(({ opcode, p2 }) => (opcode === 'Column' ? [p2] : []))
      // Page 1 is the schema itself: a change of it is a change of everything.
      return [...roots].filter((root) => root !== 1).map((root) => ({ tree: trees.get(root), stored }))
    })
  }
}

function counted(roots: ReadonlySet<number>, trees: ReadonlyMap<number, Tree>): TreeRead[] {
  return Array.from(roots, (root) => {
    const tree = trees.get(root)
    return { tree: tree === undefined ? undefined : { table: tree.table, root }, stored: [] }
  })
}

/** `undefined` for a statement that has no program of its own, such as an EXPLAIN. */
export function readProgram(connection: Connection, sql: string): Program | undefined {
  try {
    const statement = connection.prepare(`explain ${sql}`)
    try {
      const parameters = Array.from({ length: statement.parameterCount }, (_, i) =>
        statement.parameterName(i + 1),
      )
      const rows: SqlValue[][] = []
      while (statement.step()) rows.push(statement.row())
      return new Program(rows, parameters)
    } finally {
      statement.finalize()
    }
  } catch (error) {
    if (error instanceof SqliteFailure) return undefined
    throw error
  }
}

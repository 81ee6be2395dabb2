import type { Instruction } from './program.ts'

/**
 * What is known here of the instructions of sqlite.org/opcode.html: those whose P1 is a cursor, and the
 * registers that they write. It covers what simple SELECTs are made of; a program with any other
 * instruction is not understood.
 */
const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

const CURSOR = words(`
  OpenRead ReopenIdx OpenEphemeral OpenAutoindex OpenPseudo OpenDup SorterOpen Close Column Rowid IdxRowid
  NullRow IfNullRow SeekRowid NotExists SeekGE SeekGT SeekLE SeekLT IdxGT IdxGE IdxLT IdxLE DeferredSeek
  FinishSeek Rewind Last Next Prev Count Found NotFound NoConflict IfNotOpen IfEmpty IfNoHope SeekHit SeekScan Sort
  SorterSort SorterNext SorterInsert SorterData IdxInsert Insert NewRowid Sequence RowData RowCell Delete
  ResetSorter Offset ColumnsUsed`)

const OUT_P1 = words(
  'AggFinal Cast RealAffinity DecrJumpZero IfPos IfNotZero Gosub Yield InitCoroutine AddImm',
)
const OUT_P2 = words(`
  Variable Integer Int64 Real String8 String Blob Rowid IdxRowid SCopy IntCopy Not BitNot Count Sequence
  BeginSubrtn SorterData RowData OffsetLimit ReadCookie`)
const OUT_P3 = words(`
  Column Concat Add Subtract Multiply Divide Remainder BitAnd BitOr ShiftLeft ShiftRight And Or Function
  PureFunc AggStep AggStep1 AggInverse AggValue MakeRecord IfNullRow NewRowid IsTrue Offset ZeroOrNull`)
const OTHER = words(`
  Init Goto Halt HaltIfNull Transaction ResultRow Noop Explain Once Return EndCoroutine If IfNot IsNull
  NotNull IsType Eq Ne Lt Le Gt Ge ElseEq Jump Compare Permutation MustBeInt CollSeq Affinity Null Copy Move
  Filter FilterAdd ClrSubtype`)

const KNOWN = new Set([...CURSOR, ...OUT_P1, ...OUT_P2, ...OUT_P3, ...OTHER])
const NOTHING = [0, -1] as const

export function isKnown(opcode: string): boolean {
  return KNOWN.has(opcode)
}

/** Whether P1 is a cursor. */
export function isCursorOperation(opcode: string): boolean {
  return CURSOR.has(opcode)
}

/** First and last register to which an instruction gives another value. */
export function writtenRegisters({ opcode, p1, p2, p3 }: Instruction): readonly [number, number] {
  // Affinity and MustBeInt make another type of a value, which compares as before.
  if (opcode === 'Null') return [p2, Math.max(p2, p3)]
  if (opcode === 'Copy') return [p2, p2 + p3]
  if (opcode === 'Move') return [Math.min(p1, p2), Math.max(p1, p2) + p3]
  if (opcode === 'CollSeq') return p1 === 0 ? NOTHING : [p1, p1]
  if (OUT_P1.has(opcode)) return [p1, p1]
  if (OUT_P2.has(opcode)) return [p2, p2]
  if (OUT_P3.has(opcode)) return [p3, p3]
  return NOTHING
}

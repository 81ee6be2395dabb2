import { HISTORY, type HistoryEntry } from '../fixture/history-entry.ts'

/** Clocks of two renderers agree to within so many ms: what lies closer together has no order. */
const SKEW = 5

/** The calls that workloads told, out of a browser's log, in the order in which they were told. */
export function readHistory(log: readonly string[]): HistoryEntry[] {
  const told = log.flatMap((line) => {
    const at = line.indexOf(HISTORY)
    return at < 0 ? [] : [line.slice(at + HISTORY.length)]
  })
  // A page that comes out of the back/forward cache tells all of it once more.
  return Array.from(new Set(told), (line) => JSON.parse(line) as HistoryEntry)
}

/** The rows that are in a database: whose, and which number. */
export type Row = readonly [tab: string, n: number]

/**
 * Whether a history could have happened in one database without faults.
 *
 * @param rows the table in the end, in the order of its rowids
 * @param cutOff the browser was killed: what its tabs told last never arrived
 * @returns what is wrong, one line each: an acknowledged row that is lost, a row that is there twice or out of
 *   order, a version given twice, an answer older than one given before it was asked, a read that missed a row
 */
export function checkHistory(
  history: readonly HistoryEntry[],
  rows: readonly Row[],
  cutOff = false,
): string[] {
  return [...checkRows(history, rows, cutOff), ...checkVersions(history), ...checkReads(history)]
}

function checkRows(history: readonly HistoryEntry[], rows: readonly Row[], cutOff: boolean): string[] {
  const wrong: string[] = []
  const last = new Map<string, number>()
  for (const { op, tab, n } of history) if (op === 'write') last.set(tab, n)
  const acknowledged = ended(history, 'write').toSorted((a, b) => a.version - b.version)
  const found = new Map<string, number>()
  for (const [index, [tab, n]] of rows.entries()) {
    const name = `${tab} write ${n}`
    if (found.has(name)) wrong.push(`${name} was applied twice`)
    if (!cutOff && n > (last.get(tab) ?? 0)) wrong.push(`${name} was never asked for`)
    found.set(name, index)
  }
  let before = -1
  for (const entry of acknowledged) {
    const at = found.get(nameOf(entry))
    if (at === undefined) wrong.push(`${nameOf(entry)} was acknowledged and is lost`)
    else if (at < before) wrong.push(`${nameOf(entry)} stands before a row of an earlier version`)
    else before = at
  }
  return wrong
}

function checkVersions(history: readonly HistoryEntry[]): string[] {
  const wrong: string[] = []
  const writers = new Map<number, string>()
  for (const entry of ended(history, 'write')) {
    const other = writers.get(entry.version)
    if (other !== undefined) wrong.push(`${nameOf(entry)} has the version of ${other}`)
    writers.set(entry.version, nameOf(entry))
  }
  // Versions in the order of the calls: the newest that was certainly answered before each call was made.
  const invocations = new Map(
    history.filter(({ type }) => type === 'invoke').map((entry) => [nameOf(entry), entry]),
  )
  const answers = [...ended(history, 'write'), ...ended(history, 'read')]
  const byAsked = answers.toSorted(
    (a, b) => (invocations.get(nameOf(a))?.at ?? 0) - (invocations.get(nameOf(b))?.at ?? 0),
  )
  const byAnswered = answers.toSorted((a, b) => a.at - b.at)
  let newest: Ended | undefined
  let next = 0
  for (const answer of byAsked) {
    const asked = invocations.get(nameOf(answer))?.at ?? 0
    for (let earlier = byAnswered[next]; earlier !== undefined && earlier.at + SKEW < asked; ) {
      if (earlier.version > (newest?.version ?? 0)) newest = earlier
      earlier = byAnswered[++next]
    }
    if (newest === undefined) continue
    const least = newest.version + (answer.op === 'write' ? 1 : 0)
    if (answer.version < least) {
      wrong.push(
        `${nameOf(answer)} has version ${answer.version}, asked after ${nameOf(newest)} had ${newest.version}`,
      )
    }
  }
  return wrong
}

/** Each tab by itself, where the order of its answers is certain. */
function checkReads(history: readonly HistoryEntry[]): string[] {
  const wrong: string[] = []
  const newest = new Map<string, number>()
  for (const answer of [...ended(history, 'write'), ...ended(history, 'read')]) {
    const caller = `${answer.tab} ${answer.op}`
    const least = (newest.get(caller) ?? 0) + (answer.op === 'write' ? 1 : 0)
    if (answer.version < least) wrong.push(`${nameOf(answer)} went back to version ${answer.version}`)
    newest.set(caller, answer.version)
  }
  const writes = ended(history, 'write').toSorted((a, b) => a.version - b.version)
  let seen = 0
  for (const read of ended(history, 'read').toSorted((a, b) => a.version - b.version)) {
    while ((writes[seen]?.version ?? Infinity) <= read.version) seen++
    // More is possible: a write whose answer nobody heard.
    if ((read.rows ?? 0) < seen) {
      wrong.push(`${nameOf(read)} found ${read.rows} rows of at least ${seen} at version ${read.version}`)
    }
  }
  return wrong
}

type Ended = HistoryEntry & { readonly version: number }

function ended(history: readonly HistoryEntry[], op: HistoryEntry['op']): Ended[] {
  return history.filter(
    (entry): entry is Ended => entry.op === op && entry.type === 'ok' && entry.version !== undefined,
  )
}

function nameOf({ tab, op, n }: HistoryEntry): string {
  return `${tab} ${op} ${n}`
}

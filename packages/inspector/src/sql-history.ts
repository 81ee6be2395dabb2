const MOST = 100

export interface SqlHistory {
  /** Newest first, without repetitions. */
  readonly entries: readonly string[]
  add(sql: string): void
  /** The next older one than the last that `older` or `newer` gave; `undefined` at the end. */
  older(): string | undefined
  newer(): string | undefined
}

/** What was run, in memory only: SQL may hold what a person would not want kept. */
export function createSqlHistory(): SqlHistory {
  let entries: string[] = []
  let at = -1

  function moveTo(index: number): string | undefined {
    const entry = entries[index]
    if (entry !== undefined) at = index
    return entry
  }

  return {
    get entries() {
      return entries
    },
    add(sql) {
      entries = [sql, ...entries.filter((entry) => entry !== sql)].slice(0, MOST)
      at = 0
    },
    older: () => moveTo(at + 1),
    newer: () => moveTo(at - 1),
  }
}

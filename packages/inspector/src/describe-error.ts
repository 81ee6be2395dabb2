/** An error as the inspector shows it. */
export interface ErrorDescription {
  /** The stable code of a typed error, else the class's name. */
  readonly code: string
  readonly message: string
  /** What else is known: outcome, SQLite's result code, the place in the SQL. */
  readonly details: readonly string[]
}

export function describeError(error: unknown, sql: string): ErrorDescription {
  if (!(error instanceof Error)) return { code: 'UNKNOWN', message: String(error), details: [] }
  const details: string[] = []
  const outcome = read(error, 'outcome')
  const resultCode = read(error, 'resultCode')
  const offset = read(error, 'offset')
  const code = read(error, 'code')
  if (typeof outcome === 'string') details.push(`outcome: ${outcome}`)
  if (typeof resultCode === 'number') details.push(`SQLite result code ${resultCode}`)
  if (typeof offset === 'number') details.push(placeOf(sql, offset))
  return { code: typeof code === 'string' ? code : error.name, message: error.message, details }
}

function read(error: Error, key: string): unknown {
  return (error as unknown as Record<string, unknown>)[key]
}

/** SQLite counts UTF-8 bytes; people count lines and characters. */
function placeOf(sql: string, offset: number): string {
  const before = new TextDecoder().decode(new TextEncoder().encode(sql).subarray(0, offset))
  const line = before.split('\n').length
  const column = Array.from(before.slice(before.lastIndexOf('\n') + 1)).length + 1
  return `line ${line}, column ${column}`
}

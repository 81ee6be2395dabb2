const BLANK = /\s/
const WORD = /[a-z_]/i

/** Where the first thing that is neither blank, comment nor `;` begins, from `at` on; the length at the end. */
export function skipBlanks(sql: string, at = 0): number {
  let i = at
  while (i < sql.length) {
    if (BLANK.test(sql.charAt(i)) || sql.charAt(i) === ';' || sql.charAt(i) === '\ufeff') i++
    else if (sql.startsWith('--', i)) i = after(sql, '\n', i)
    else if (sql.startsWith('/*', i)) i = after(sql, '*/', i + 2)
    else return i
  }
  return sql.length
}

/** The word that a statement begins with, in capitals: what SQLite tells nobody before it runs. */
export function firstKeyword(sql: string): string {
  const start = skipBlanks(sql)
  let end = start
  while (end < sql.length && WORD.test(sql.charAt(end))) end++
  return sql.slice(start, end).toUpperCase()
}

function after(sql: string, mark: string, from: number): number {
  const at = sql.indexOf(mark, from)
  return at === -1 ? sql.length : at + mark.length
}

/** A name as SQLite compares names: in small letters, of which it knows only those of ASCII. */
export function foldName(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

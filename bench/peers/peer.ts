/** What is written and read everywhere here. */
export interface Tune {
  readonly id: number
  readonly title: string
  readonly mode: string
  /** About 120 characters. */
  readonly abc: string
}

/** A tune as a peer hands it out: what it keeps besides, and whether the id comes back as text, is its own affair. */
export type Row = Readonly<Record<string, unknown>>

/** Which database is opened, and whether it has to be made first. */
export interface OpenSettings {
  readonly name: string
  /** Nobody has opened this name before: the table and its index are to be made. */
  readonly create: boolean
}

/**
 * One tab's open database. Each peer does each thing as its own documents advise, from the page's main thread.
 * What a peer cannot do is left out, and never imitated: the tables then say that it is absent.
 */
export interface Session {
  /** One row, one transaction; resolves when the peer calls it done. */
  write?(tune: Tune): Promise<unknown>
  /** By primary key. */
  read?(id: number): Promise<Row | undefined>
  /** The same on this very thread. */
  readNow?(id: number): Row | undefined
  /** Those that follow an id, in the order of ids. */
  readMany?(after: number, count: number): Promise<readonly Row[]>
  /** All in one transaction. */
  bulk?(tunes: readonly Tune[]): Promise<unknown>
  /** The tunes of one title (its index), at once and whenever they change, in whatever tab; returns what ends it. */
  live?(title: string, onRows: (rows: readonly Row[]) => void): Promise<() => void>
  /** How many tunes there are. */
  count?(): Promise<number>
  /** Resolves when what this tab prepares in the background is there. */
  settled?(): Promise<unknown>
  close(): Promise<unknown>
}

/** Opens a database in this tab; resolves when it can be used. */
export type Opener = (settings: OpenSettings) => Promise<Session>

/** The table of whoever speaks SQL. */
export const SCHEMA = `
  create table tune (id integer primary key, title text not null, mode text not null, abc text not null);
  create index tune_title on tune (title);`

export const INSERT = 'insert into tune (id, title, mode, abc) values (?, ?, ?, ?)'
export const READ = 'select * from tune where id = ?'
export const READ_MANY = 'select * from tune where id > ? order by id limit ?'
export const LIVE = 'select * from tune where title = ?'
export const COUNT = 'select count(*) as n from tune'

export function valuesOf({ id, title, mode, abc }: Tune): [number, string, string, string] {
  return [id, title, mode, abc]
}

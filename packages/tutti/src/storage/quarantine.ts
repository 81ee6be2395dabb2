import { DeviceFullError } from './checked-io.ts'
import type { Shelf } from './shelf.ts'
import type { SideFile } from './side-files.ts'
import type { Place } from './store.ts'

/*
 * A damaged database is set aside in three steps, each of which may be the last before a crash: a marker is
 * written (empty: "is being moved"), the files are moved, the marker gets a byte ("lies aside"). While a
 * marker stands, nothing in the database's place is opened; whoever looks takes up the move where it was cut.
 */
const MARKER = 'damaged-'
const QUARANTINED = /^corrupt-(\d+)\.sqlite3$/

/** A database that was set aside as damaged, about which the app has not decided. */
export interface Damage {
  /** Of the side file that is the database; its log has `-wal` behind it. */
  readonly name: string
  /** True once both files lie aside: what is in the database's place is not one of them. */
  readonly moved: boolean
  readonly marker: string
}

/** One that was set aside, decided about or not. */
export interface Quarantined {
  readonly name: string
  /** When, wall clock, ms. */
  readonly at: number
  /** Bytes of both files. */
  readonly size: number
}

/** Sets a damaged database aside; `at` is the wall clock, ms. Deletes nothing. */
export async function setAside(shelf: Shelf, place: Place, at: number): Promise<Damage> {
  const marker = `${MARKER}${at}`
  await shelf.beside(place).write(marker, [])
  return finish(shelf, place, marker)
}

/** Whether a damaged database waits for the app's decision, or for the end of its move. */
export async function isMarked(shelf: Shelf, place: Place): Promise<boolean> {
  return (await shelf.beside(place).list()).some(({ name }) => name.startsWith(MARKER))
}

/** The damage that stands in the way of opening this database, if any. A move that was cut short is finished. */
export async function damageOf(shelf: Shelf, place: Place): Promise<Damage | undefined> {
  const marker = (await shelf.beside(place).list()).find(({ name }) => name.startsWith(MARKER))
  if (marker === undefined) return undefined
  return marker.size === 0 ? finish(shelf, place, marker.name) : damageBy(marker.name, true)
}

/** What was set aside, newest first. */
export function quarantinedIn(files: readonly SideFile[]): Quarantined[] {
  const sizes = new Map(files.map(({ name, size }) => [name, size]))
  return files
    .flatMap(({ name, size }) => {
      const at = QUARANTINED.exec(name)?.[1]
      return at === undefined ? [] : [{ name, at: Number(at), size: size + (sizes.get(`${name}-wal`) ?? 0) }]
    })
    .toSorted((a, b) => b.at - a.at)
}

async function finish(shelf: Shelf, place: Place, marker: string): Promise<Damage> {
  await shelf.moveAside(place, damageBy(marker, false).name)
  try {
    await shelf.beside(place).write(marker, [Uint8Array.of(1)])
    return damageBy(marker, true)
  } catch (error) {
    if (!(error instanceof DeviceFullError)) throw error
    return damageBy(marker, false)
  }
}

function damageBy(marker: string, moved: boolean): Damage {
  return { name: `corrupt-${marker.slice(MARKER.length)}.sqlite3`, moved, marker }
}

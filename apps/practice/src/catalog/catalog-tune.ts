import { deterministicId } from '../data/deterministic-id.ts'

export type Mode = 'Major' | 'Minor' | 'Dorian' | 'Mixolydian'

/** A tune of the catalog. All of them are traditional. */
export interface CatalogTune {
  readonly id: string
  readonly title: string
  readonly type: string
  readonly tonic: string
  readonly mode: Mode
  /** ABC `M:` field. */
  readonly meter: string
  /** ABC `L:` field. */
  readonly unitNote: string
  /** The first two to four bars as ABC notes, after a pickup where the tune has one. */
  readonly incipit: string
  readonly source: string
}

export type Entry = readonly [title: string, tonic: string, mode: Mode, incipit: string, source?: string]

/** Tunes of one type and meter; `source` holds for those that name no other. The id follows from the title. */
export function family(
  type: string,
  meter: string,
  source: string,
  entries: readonly Entry[],
): CatalogTune[] {
  return entries.map(([title, tonic, mode, incipit, ownSource]) => ({
    id: deterministicId('tune', title),
    title,
    type,
    tonic,
    mode,
    meter,
    unitNote: '1/8',
    incipit,
    source: ownSource ?? source,
  }))
}

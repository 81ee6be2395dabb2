import type { Db, Reader, Scope } from '../data/db.ts'

/** A tune as the Catalog page lists it. */
export interface ListedTune {
  readonly id: string
  readonly title: string
  readonly type: string
  readonly tonic: string
  readonly mode: string
  readonly meter: string
  readonly incipit: string
  readonly source: string
  /** 1 where the tune is in the playlist. */
  readonly inPlaylist: number
}

/** The tables whose changes can change the list. */
export const listedTunesTables = ['tune', 'playlist_tune'] as const

/** All tunes, with whether the playlist has them, by title; an article does not count. */
export async function listTunes(reader: Reader, scope: Scope): Promise<ListedTune[]> {
  const tunes = await reader.all<ListedTune>(
    `select t.id, t.title, t.type, t.tonic, t.mode, t.meter, t.incipit, t.source,
       exists (
         select 1 from playlist_tune as p where p.playlist_ref = ? and p.tune_ref = t.id
       ) as inPlaylist
     from tune as t`,
    [scope.playlistRef],
  )
  const collator = new Intl.Collator('en', { sensitivity: 'base', ignorePunctuation: true })
  return tunes.sort((a, b) => collator.compare(sortTitle(a), sortTitle(b)))
}

/** Adds a tune to the playlist; one that is already there stays as it is. */
export async function addToPlaylist(db: Db, scope: Scope, tuneRef: string, now: Date): Promise<void> {
  await db.run(
    `insert into playlist_tune (playlist_ref, tune_ref, added_at) values (?, ?, ?)
     on conflict (playlist_ref, tune_ref) do nothing`,
    [scope.playlistRef, tuneRef, now.toISOString()],
  )
}

function sortTitle(tune: ListedTune): string {
  return tune.title.replace(/^(The|A|An) /, '')
}

import { and, eq, exists, sql } from 'drizzle-orm'
import type { Db, Scope } from '../data/db.ts'
import { playlistTune, tune } from '../data/schema.ts'

/** A tune as the Catalog page lists it. */
export type ListedTune = Awaited<ReturnType<typeof tuneList>>[number]

const collator = new Intl.Collator('en', { sensitivity: 'base', ignorePunctuation: true })

/** All tunes, with whether the playlist has them. */
export function tuneList(db: Db, { playlistRef }: Scope) {
  const inPlaylist = exists(
    db
      .select({ tuneRef: playlistTune.tuneRef })
      .from(playlistTune)
      .where(and(eq(playlistTune.playlistRef, playlistRef), eq(playlistTune.tuneRef, tune.id))),
  )
  return db
    .select({
      id: tune.id,
      title: tune.title,
      type: tune.type,
      tonic: tune.tonic,
      mode: tune.mode,
      meter: tune.meter,
      incipit: tune.incipit,
      source: tune.source,
      /** 1 where the tune is in the playlist. */
      inPlaylist: sql<number>`${inPlaylist}`,
    })
    .from(tune)
}

/** In the order of their titles; an article does not count. */
export function byTitle(tunes: readonly ListedTune[]): ListedTune[] {
  return tunes.toSorted((a, b) => collator.compare(sortTitle(a), sortTitle(b)))
}

/** Adds a tune to the playlist; one that is already there stays as it is. */
export async function addToPlaylist(db: Db, scope: Scope, tuneRef: string, now: Date): Promise<void> {
  const { playlistRef } = scope
  await db
    .insert(playlistTune)
    .values({ playlistRef, tuneRef, addedAt: now.toISOString() })
    .onConflictDoNothing()
}

function sortTitle({ title }: ListedTune): string {
  return title.replace(/^(The|A|An) /, '')
}

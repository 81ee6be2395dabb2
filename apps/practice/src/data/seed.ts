import { eq } from 'drizzle-orm'
import type { CatalogTune } from '../catalog/catalog-tune.ts'
import { type DayWindow, dayWindow } from '../queue/day-window.ts'
import { createScheduler } from '../review/scheduler.ts'
import type { Db } from './db.ts'
import { demoHistory } from './demo-history.ts'
import { type DemoUser, demoUsers } from './demo-users.ts'
import { deterministicId } from './deterministic-id.ts'
import {
  playlist,
  playlistTune,
  practiceRecord,
  schedulingOptions,
  seedMark,
  tune,
  userProfile,
} from './schema.ts'

/** Who signs in. Made-up users have a name and nothing else yet. */
export interface Person {
  readonly id: string
  readonly name: string
}

const MARK = 'start-v1'
const REQUEST_RETENTION = 0.9

/**
 * Gives a new database the catalog, the user's profile and a first playlist, and a demo user a repertoire.
 * One transaction, guarded by a mark that it sets itself: two tabs that open at once seed once, and what the
 * user deletes later stays deleted.
 *
 * @param catalog the tunes to start with
 * @param timeZone IANA name, kept as the user's zone
 */
export async function seed(
  db: Db,
  person: Person,
  catalog: readonly CatalogTune[],
  timeZone: string,
  now: Date,
): Promise<void> {
  const isSeeded = eq(seedMark.name, MARK)
  if ((await db.$count(seedMark, isSeeded)) > 0) return
  const demo = demoUsers.find((user) => user.id === person.id)
  const playlistId = demo?.playlistId ?? deterministicId('playlist', person.id)
  const createdAt = now.toISOString()
  const name = demo?.playlistName ?? 'My tunes'
  const history = demo && repertoire(demo, catalog, dayWindow(now, timeZone))
  await db.transaction(async (tx) => {
    if ((await tx.$count(seedMark, isSeeded)) > 0) return
    await tx.insert(seedMark).values({ name: MARK, seededAt: createdAt })
    await tx.insert(userProfile).values({ ...person, timeZone, createdAt })
    await tx.insert(schedulingOptions).values({ userRef: person.id })
    await tx.insert(playlist).values({ id: playlistId, userRef: person.id, name, createdAt })
    await tx.insert(tune).values([...catalog])
    if (history === undefined) return
    await tx.insert(playlistTune).values(history.tunes)
    await tx.insert(practiceRecord).values(history.records)
  })
}

function repertoire(demo: DemoUser, catalog: readonly CatalogTune[], today: DayWindow) {
  const scheduler = createScheduler(REQUEST_RETENTION)
  const added = demo.tunes.map((demoTune, i) => {
    const found = catalog.find((each) => each.title === demoTune.title)
    if (found === undefined) throw new Error(`The demo tune ${demoTune.title} is not in the catalog.`)
    const keys = { playlistRef: demo.playlistId, tuneRef: found.id }
    const id = (practiced: string): string =>
      deterministicId('record', demo.id, demo.playlistId, found.id, practiced)
    // A second apart, in the order of the list: the order in which new tunes are offered.
    const addedAt = new Date(Date.parse(today.startUtc) - 400 * 86_400_000 + i * 1000).toISOString()
    const reviews = demoHistory(demoTune, today, scheduler)
    const records = reviews.map((review, n) => ({
      ...keys,
      ...review,
      id: id(review.practiced),
      userRef: demo.id,
      priorRecordRef: n === 0 ? null : id(reviews[n - 1]?.practiced ?? ''),
    }))
    return { tune: { ...keys, addedAt }, records }
  })
  return { tunes: added.map((each) => each.tune), records: added.flatMap(({ records }) => records) }
}

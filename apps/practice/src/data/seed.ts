import type { CatalogTune } from '../catalog/catalog-tune.ts'
import { type DayWindow, dayWindow } from '../queue/day-window.ts'
import { createScheduler } from '../review/scheduler.ts'
import type { Db, SqlParam, Statement } from './db.ts'
import { demoHistory } from './demo-history.ts'
import { type DemoUser, demoUsers } from './demo-users.ts'
import { deterministicId } from './deterministic-id.ts'

/** Who signs in. Made-up users have a name and nothing else yet. */
export interface Person {
  readonly id: string
  readonly name: string
}

const REQUEST_RETENTION = 0.9

/**
 * Gives a new database the catalog, the user's profile and a first playlist, and a demo user a repertoire.
 * One batch, guarded by a mark that it sets itself: two tabs that open at once seed once, and what the user
 * deletes later stays deleted.
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
  const mark = await db.get("select name from seed_mark where name = 'start-v1'")
  if (mark !== undefined) return
  const demo = demoUsers.find((user) => user.id === person.id)
  const playlistId = demo?.playlistId ?? deterministicId('playlist', person.id)
  const nowUtc = now.toISOString()
  await db.batch([
    insert('user_profile', { id: person.id, name: person.name, time_zone: timeZone, created_at: nowUtc }),
    insert('scheduling_options', { user_ref: person.id }),
    insert('playlist', {
      id: playlistId,
      user_ref: person.id,
      name: demo?.playlistName ?? 'My tunes',
      created_at: nowUtc,
    }),
    ...catalog.map((tune) =>
      insert('tune', {
        id: tune.id,
        title: tune.title,
        type: tune.type,
        tonic: tune.tonic,
        mode: tune.mode,
        meter: tune.meter,
        unit_note: tune.unitNote,
        incipit: tune.incipit,
        source: tune.source,
      }),
    ),
    ...(demo === undefined ? [] : repertoire(demo, catalog, dayWindow(now, timeZone))),
    insert('seed_mark', { name: 'start-v1', seeded_at: nowUtc }),
  ])
}

function repertoire(demo: DemoUser, catalog: readonly CatalogTune[], today: DayWindow): Statement[] {
  const scheduler = createScheduler(REQUEST_RETENTION)
  return demo.tunes.flatMap((demoTune, i) => {
    const tune = catalog.find((each) => each.title === demoTune.title)
    if (tune === undefined) throw new Error(`The demo tune ${demoTune.title} is not in the catalog.`)
    const keys = { playlist_ref: demo.playlistId, tune_ref: tune.id }
    // A second apart, in the order of the list: the order in which new tunes are offered.
    const addedAt = new Date(Date.parse(today.startUtc) - 400 * 86_400_000 + i * 1000).toISOString()
    const reviews = demoHistory(demoTune, today, scheduler)
    return [
      insert('playlist_tune', { ...keys, added_at: addedAt }),
      ...reviews.map((review, n) =>
        insert('practice_record', {
          ...keys,
          id: recordId(demo, tune, review.practiced),
          user_ref: demo.id,
          practiced: review.practiced,
          quality: review.quality,
          state: review.state,
          stability: review.stability,
          difficulty: review.difficulty,
          scheduled_days: review.scheduledDays,
          repetitions: review.repetitions,
          lapses: review.lapses,
          due: review.due,
          prior_record_ref: n === 0 ? null : recordId(demo, tune, reviews[n - 1]?.practiced ?? ''),
        }),
      ),
    ]
  })
}

function recordId(demo: DemoUser, tune: CatalogTune, practiced: string): string {
  return deterministicId('record', demo.id, demo.playlistId, tune.id, practiced)
}

/** Inserts one row unless the database is seeded, which the mark, written last, says. */
function insert(table: string, row: Readonly<Record<string, SqlParam>>): Statement {
  const columns = Object.keys(row)
  return {
    sql: `insert into ${table} (${columns.join(', ')}) select ${columns.map(() => '?').join(', ')}
      where not exists (select 1 from seed_mark where name = 'start-v1')`,
    params: Object.values(row),
  }
}

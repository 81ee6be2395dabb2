import { integer, real, sqliteTable, sqliteView, text } from 'drizzle-orm/sqlite-core'
import type { Bucket } from '../queue/pick-queue.ts'
import type { Rating } from '../review/rating.ts'

/** The tables and views as the migrations make them, for drizzle; columns are these names in snake case. */
export const userProfile = sqliteTable('user_profile', {
  id: text().primaryKey(),
  name: text().notNull(),
  timeZone: text().notNull(),
  createdAt: text().notNull(),
})

export const tune = sqliteTable('tune', {
  id: text().primaryKey(),
  title: text().notNull(),
  type: text().notNull(),
  tonic: text().notNull(),
  mode: text().notNull(),
  meter: text().notNull(),
  unitNote: text().notNull(),
  incipit: text().notNull(),
  source: text().notNull(),
})

export const playlist = sqliteTable('playlist', {
  id: text().primaryKey(),
  userRef: text().notNull(),
  name: text().notNull(),
  createdAt: text().notNull(),
})

export const playlistTune = sqliteTable('playlist_tune', {
  playlistRef: text().notNull(),
  tuneRef: text().notNull(),
  addedAt: text().notNull(),
})

export const schedulingOptions = sqliteTable('scheduling_options', {
  userRef: text().primaryKey(),
  maxReviewsPerDay: integer().notNull().default(10),
  acceptableDelinquencyWindow: integer().notNull().default(7),
  requestRetention: real().notNull().default(0.9),
})

export const seedMark = sqliteTable('seed_mark', {
  name: text().primaryKey(),
  seededAt: text().notNull(),
})

export const practiceSubmission = sqliteTable('practice_submission', {
  seq: integer().primaryKey({ autoIncrement: true }),
  id: text().notNull(),
  userRef: text().notNull(),
  playlistRef: text().notNull(),
  windowStartUtc: text(),
  submittedAt: text().notNull(),
})

/** What a staged evaluation and a practice record share. */
const evaluation = {
  userRef: text().notNull(),
  playlistRef: text().notNull(),
  tuneRef: text().notNull(),
  practiced: text().notNull(),
  quality: integer().$type<Rating>().notNull(),
  state: integer().notNull(),
  stability: real().notNull(),
  difficulty: real().notNull(),
  scheduledDays: integer().notNull(),
  repetitions: integer().notNull(),
  lapses: integer().notNull(),
  due: text().notNull(),
  priorRecordRef: text(),
}

export const practiceRecord = sqliteTable('practice_record', {
  id: text().primaryKey(),
  ...evaluation,
  submissionRef: text(),
})

/** The staged evaluations. */
export const tableTransientData = sqliteTable('table_transient_data', {
  recordId: text().notNull(),
  ...evaluation,
})

export const dailyPracticeQueue = sqliteTable('daily_practice_queue', {
  id: text().primaryKey(),
  userRef: text().notNull(),
  playlistRef: text().notNull(),
  windowStartUtc: text().notNull(),
  windowEndUtc: text().notNull(),
  tuneRef: text().notNull(),
  bucket: integer().$type<Bucket>().notNull(),
  orderIndex: integer().notNull(),
  generatedAt: text().notNull(),
  completedAt: text(),
  active: integer({ mode: 'boolean' }).notNull().default(true),
})

/** The tunes of a playlist, each with its latest record and its staged evaluation. */
export const practiceListStaged = sqliteView('practice_list_staged', {
  userRef: text().notNull(),
  playlistRef: text().notNull(),
  playlistName: text().notNull(),
  tuneRef: text().notNull(),
  title: text().notNull(),
  type: text().notNull(),
  tonic: text().notNull(),
  mode: text().notNull(),
  incipit: text().notNull(),
  addedAt: text().notNull(),
  latestRecordRef: text(),
  latestPracticed: text(),
  latestQuality: integer().$type<Rating>(),
  latestState: integer(),
  latestStability: real(),
  latestDifficulty: real(),
  latestScheduledDays: integer(),
  latestRepetitions: integer(),
  latestLapses: integer(),
  latestDue: text(),
  stagedQuality: integer().$type<Rating>(),
  stagedPracticed: text(),
  stagedDue: text(),
  hasStaged: integer({ mode: 'boolean' }).notNull(),
}).existing()

/** The queue for people who read it by SQL. */
export const viewDailyPracticeQueueReadable = sqliteView('view_daily_practice_queue_readable', {
  userName: text().notNull(),
  playlistName: text().notNull(),
  windowStartUtc: text().notNull(),
  windowEndUtc: text().notNull(),
  orderIndex: integer().notNull(),
  bucketName: text().notNull(),
  title: text().notNull(),
  type: text().notNull(),
  keyName: text().notNull(),
  generatedAt: text().notNull(),
  completedAt: text(),
  active: integer({ mode: 'boolean' }).notNull(),
  id: text().notNull(),
  userRef: text().notNull(),
  playlistRef: text().notNull(),
  tuneRef: text().notNull(),
  bucket: integer().$type<Bucket>().notNull(),
}).existing()

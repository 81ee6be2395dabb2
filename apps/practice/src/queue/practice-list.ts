import type { Reader, Scope } from '../data/db.ts'
import type { ReviewState } from '../review/review-state.ts'
import type { Bucket } from './pick-queue.ts'

/** One row of the grid: a tune of the active queue, what is known of it, and what is staged for it. */
export interface PracticeRow {
  readonly id: string
  readonly tuneRef: string
  readonly title: string
  readonly type: string
  readonly tonic: string
  readonly mode: string
  readonly incipit: string
  readonly bucket: Bucket
  readonly completedAt: string | null
  readonly latest: ReviewState | null
  readonly stagedQuality: number | null
  readonly stagedDue: string | null
}

type FlatRow = Omit<PracticeRow, 'latest'> & {
  readonly practiced: string | null
  readonly state: number
  readonly stability: number
  readonly difficulty: number
  readonly scheduledDays: number
  readonly repetitions: number
  readonly lapses: number
  readonly due: string
}

/** The tables whose changes can change the list. */
export const practiceListTables = [
  'daily_practice_queue',
  'practice_record',
  'table_transient_data',
  'playlist_tune',
  'tune',
] as const

/** The active queue in its order. Logs how many rows it has. */
export async function getPracticeList(reader: Reader, scope: Scope): Promise<PracticeRow[]> {
  const rows = await reader.all<FlatRow>(
    `select
       q.id, q.tune_ref as tuneRef, q.bucket, q.completed_at as completedAt,
       p.title, p.type, p.tonic, p.mode, p.incipit,
       p.latest_practiced as practiced, p.latest_state as state, p.latest_stability as stability,
       p.latest_difficulty as difficulty, p.latest_scheduled_days as scheduledDays,
       p.latest_repetitions as repetitions, p.latest_lapses as lapses, p.latest_due as due,
       p.staged_quality as stagedQuality, p.staged_due as stagedDue
     from daily_practice_queue as q
     join practice_list_staged as p
       on p.user_ref = q.user_ref and p.playlist_ref = q.playlist_ref and p.tune_ref = q.tune_ref
     where q.user_ref = ? and q.playlist_ref = ? and q.active = 1
     order by q.order_index, q.id`,
    [scope.userRef, scope.playlistRef],
  )
  console.info(
    `[getPracticeList] Queue has ${rows.length} active rows for user=${scope.userRef}, playlist=${scope.playlistRef}`,
  )
  return rows.map(nested)
}

function nested(row: FlatRow): PracticeRow {
  const { practiced, state, stability, difficulty, scheduledDays, repetitions, lapses, due, ...rest } = row
  const latest =
    practiced === null
      ? null
      : { practiced, state, stability, difficulty, scheduledDays, repetitions, lapses, due }
  return { ...rest, latest }
}

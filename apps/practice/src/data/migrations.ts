/**
 * The schema, append-only: a change to the tables is a new entry, never an edit of an old one.
 * Points in time are UTC text as `Date.prototype.toISOString` writes it, so that they compare as text.
 */
export const migrations: readonly { readonly name: string; readonly sql: string }[] = [
  {
    name: '0001-repertoire',
    sql: `
create table user_profile (
  id text primary key,
  name text not null,
  time_zone text not null,
  created_at text not null
) strict;

create table tune (
  id text primary key,
  title text not null,
  type text not null,
  tonic text not null,
  mode text not null,
  meter text not null,
  unit_note text not null,
  incipit text not null,
  source text not null
) strict;
create index tune_by_title on tune (title collate nocase);

create table playlist (
  id text primary key,
  user_ref text not null references user_profile (id),
  name text not null,
  created_at text not null
) strict;
create index playlist_by_user on playlist (user_ref);

create table playlist_tune (
  playlist_ref text not null references playlist (id),
  tune_ref text not null references tune (id),
  added_at text not null,
  primary key (playlist_ref, tune_ref)
) strict;

create table scheduling_options (
  user_ref text primary key references user_profile (id),
  max_reviews_per_day integer not null default 10 check (max_reviews_per_day > 0),
  acceptable_delinquency_window integer not null default 7 check (acceptable_delinquency_window >= 0),
  request_retention real not null default 0.9 check (request_retention between 0.7 and 0.99)
) strict;

create table seed_mark (
  name text primary key,
  seeded_at text not null
) strict;
`,
  },
  {
    name: '0002-practice',
    sql: `
create table practice_submission (
  seq integer primary key autoincrement,
  id text not null unique,
  user_ref text not null references user_profile (id),
  playlist_ref text not null references playlist (id),
  window_start_utc text,
  submitted_at text not null
) strict;
create index practice_submission_by_playlist on practice_submission (user_ref, playlist_ref, seq);

create table practice_record (
  id text primary key,
  user_ref text not null references user_profile (id),
  playlist_ref text not null references playlist (id),
  tune_ref text not null references tune (id),
  practiced text not null,
  quality integer not null check (quality between 1 and 4),
  state integer not null,
  stability real not null,
  difficulty real not null,
  scheduled_days integer not null,
  repetitions integer not null,
  lapses integer not null,
  due text not null,
  prior_record_ref text,
  submission_ref text references practice_submission (id),
  unique (playlist_ref, tune_ref, practiced)
) strict;
create index practice_record_by_submission on practice_record (submission_ref);

create table table_transient_data (
  user_ref text not null references user_profile (id),
  playlist_ref text not null references playlist (id),
  tune_ref text not null references tune (id),
  record_id text not null,
  practiced text not null,
  quality integer not null check (quality between 1 and 4),
  state integer not null,
  stability real not null,
  difficulty real not null,
  scheduled_days integer not null,
  repetitions integer not null,
  lapses integer not null,
  due text not null,
  prior_record_ref text,
  primary key (user_ref, playlist_ref, tune_ref)
) strict;

create table daily_practice_queue (
  id text primary key,
  user_ref text not null references user_profile (id),
  playlist_ref text not null references playlist (id),
  window_start_utc text not null,
  window_end_utc text not null,
  tune_ref text not null references tune (id),
  bucket integer not null check (bucket between 1 and 4),
  order_index integer not null,
  generated_at text not null,
  completed_at text,
  active integer not null default 1 check (active in (0, 1)),
  unique (user_ref, playlist_ref, window_start_utc, tune_ref)
) strict;
create index daily_practice_queue_active on daily_practice_queue (user_ref, playlist_ref, active);

create view practice_list_staged as
select
  playlist.user_ref, playlist_tune.playlist_ref, playlist.name as playlist_name,
  tune.id as tune_ref, tune.title, tune.type, tune.tonic, tune.mode, tune.incipit,
  playlist_tune.added_at,
  latest.id as latest_record_ref, latest.practiced as latest_practiced, latest.quality as latest_quality,
  latest.state as latest_state, latest.stability as latest_stability, latest.difficulty as latest_difficulty,
  latest.scheduled_days as latest_scheduled_days, latest.repetitions as latest_repetitions,
  latest.lapses as latest_lapses, latest.due as latest_due,
  staged.quality as staged_quality, staged.practiced as staged_practiced, staged.due as staged_due,
  staged.tune_ref is not null as has_staged
from playlist_tune
join playlist on playlist.id = playlist_tune.playlist_ref
join tune on tune.id = playlist_tune.tune_ref
left join practice_record as latest on latest.id = (
  select newest.id from practice_record as newest
  where newest.playlist_ref = playlist_tune.playlist_ref and newest.tune_ref = playlist_tune.tune_ref
  order by newest.practiced desc limit 1
)
left join table_transient_data as staged
  on staged.user_ref = playlist.user_ref
  and staged.playlist_ref = playlist_tune.playlist_ref
  and staged.tune_ref = playlist_tune.tune_ref;

create view view_daily_practice_queue_readable as
select
  user_profile.name as user_name, playlist.name as playlist_name,
  queue.window_start_utc, queue.window_end_utc, queue.order_index,
  case queue.bucket
    when 1 then 'due today' when 2 then 'recently lapsed' when 3 then 'new' else 'long lapsed'
  end as bucket_name,
  tune.title, tune.type, tune.tonic || ' ' || tune.mode as key_name,
  queue.generated_at, queue.completed_at, queue.active,
  queue.id, queue.user_ref, queue.playlist_ref, queue.tune_ref, queue.bucket
from daily_practice_queue as queue
join user_profile on user_profile.id = queue.user_ref
join playlist on playlist.id = queue.playlist_ref
join tune on tune.id = queue.tune_ref;
`,
  },
]

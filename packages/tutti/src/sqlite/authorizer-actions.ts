/** What an authorizer is asked about: the action codes of sqlite.org/c3ref/c_alter_table.html. */
export const ACTION = {
  delete: 9,
  insert: 18,
  pragma: 19,
  read: 20,
  select: 21,
  transaction: 22,
  update: 23,
  attach: 24,
  detach: 25,
  alterTable: 26,
  reindex: 27,
  analyze: 28,
  function: 31,
  savepoint: 32,
  recursive: 33,
} as const

/** CREATE and DROP of tables, indexes, triggers, views and virtual tables. */
export const SCHEMA_ACTIONS: ReadonlySet<number> = new Set([1, 2, 7, 8, 10, 11, 16, 17, 29, 30])

/** The same for TEMP objects. */
export const TEMP_ACTIONS: ReadonlySet<number> = new Set([3, 4, 5, 6, 12, 13, 14, 15])

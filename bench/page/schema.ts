/** What is written and read everywhere here: a table with one index. */
export const SCHEMA = `
  create table item (id integer primary key, tune text not null, note text not null);
  create index item_tune on item (tune);`

export const migrations = [{ name: 'items', sql: SCHEMA }]

/** The row that every write adds. */
export const WRITE = 'insert into item (tune, note) values (?, ?)'

export const NOTE = 'the second part twice as fast. '.repeat(4)

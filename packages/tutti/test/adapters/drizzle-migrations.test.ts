import { describe, expect, it, test } from 'vitest'
import { migrationsFrom } from '../../src/adapters/drizzle.ts'
import { ParameterError } from '../../src/errors/errors.ts'
import { inWorlds } from '../simulation/scenarios/stage.ts'

const BREAKPOINT = '--> statement-breakpoint'
const journal = {
  version: '7',
  dialect: 'sqlite',
  entries: [
    { idx: 0, version: '6', when: 1, tag: '0000_first', breakpoints: true },
    { idx: 1, version: '6', when: 2, tag: '0001_rebuild', breakpoints: true },
  ],
}
const first = `CREATE TABLE \`playlist\` (
	\`id\` integer PRIMARY KEY NOT NULL,
	\`name\` text NOT NULL
);
${BREAKPOINT}
CREATE TABLE \`tune\` (
	\`id\` integer PRIMARY KEY NOT NULL,
	\`playlist_ref\` integer,
	FOREIGN KEY (\`playlist_ref\`) REFERENCES \`playlist\`(\`id\`)
);
${BREAKPOINT}
CREATE UNIQUE INDEX \`playlist_name\` ON \`playlist\` (\`name\`);${BREAKPOINT}
INSERT INTO playlist VALUES (1, 'Sets') -- a statement of one's own`
/** What drizzle-kit writes where a column changes: the table is built anew. */
const rebuild = `PRAGMA foreign_keys=OFF;${BREAKPOINT}
CREATE TABLE \`__new_playlist\` (
	\`id\` integer PRIMARY KEY NOT NULL,
	\`name\` text
);
${BREAKPOINT}
INSERT INTO \`__new_playlist\`("id", "name") SELECT "id", "name" FROM \`playlist\`;${BREAKPOINT}
DROP TABLE \`playlist\`;${BREAKPOINT}
ALTER TABLE \`__new_playlist\` RENAME TO \`playlist\`;${BREAKPOINT}
PRAGMA foreign_keys=ON;${BREAKPOINT}
CREATE UNIQUE INDEX \`playlist_name\` ON \`playlist\` (\`name\`);`

const files = {
  './drizzle/0001_rebuild.sql': rebuild,
  './drizzle/0000_first.sql': first,
  './drizzle/meta/_journal.json': JSON.stringify(journal),
  './drizzle/meta/0000_snapshot.json': '{}',
}
const folders = {
  '/drizzle/20260102000000_rebuild/migration.sql': rebuild,
  '/drizzle/20260102000000_rebuild/snapshot.json': '{}',
  '/drizzle/20260101000000_first/migration.sql': first,
}

describe('drizzle: the migrations of a folder', () => {
  it('are in the order of its journal, as text or parsed', () => {
    const names = ['0000_first', '0001_rebuild']
    expect(migrationsFrom(files).map(({ name }) => name)).toEqual(names)
    expect(migrationsFrom({ ...files, './drizzle/meta/_journal.json': journal })).toEqual(
      migrationsFrom(files),
    )
  })

  it('are in the order of their names where there is no journal', () => {
    expect(migrationsFrom(folders).map(({ name }) => name)).toEqual([
      '20260101000000_first',
      '20260102000000_rebuild',
    ])
  })

  it('R30 stay the same text, whatever ends their lines, because it is hashed', () => {
    const dos = Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]),
    )
    expect(migrationsFrom(dos)).toEqual(migrationsFrom(files))
    expect(migrationsFrom(files)[1]?.sql).toBe(
      `CREATE TABLE \`__new_playlist\` (
	\`id\` integer PRIMARY KEY NOT NULL,
	\`name\` text
);
INSERT INTO \`__new_playlist\`("id", "name") SELECT "id", "name" FROM \`playlist\`;
DROP TABLE \`playlist\`;
ALTER TABLE \`__new_playlist\` RENAME TO \`playlist\`;
CREATE UNIQUE INDEX \`playlist_name\` ON \`playlist\` (\`name\`);`,
    )
  })

  it('are refused where a file of the journal, or everything, is missing', () => {
    const { './drizzle/0001_rebuild.sql': _, ...rest } = files
    expect(() => migrationsFrom(rest)).toThrow(ParameterError)
    expect(() => migrationsFrom(rest)).toThrow('0001_rebuild.sql')
    expect(() => migrationsFrom({})).toThrow(ParameterError)
    expect(() => migrationsFrom({ './meta/_journal.json': '{}' })).toThrow(ParameterError)
  })
})

test.each([
  ['with a journal', files],
  ['of folders', folders],
])(
  'R30 drizzle: open() runs migrations %s once, statement by statement, and what refers to a rebuilt table stays',
  (_, given) =>
    inWorlds(1, async (stage) => {
      const migrations = migrationsFrom(given)
      const a = await stage.open('A', { migrations: migrations.slice(0, 1) })
      await stage.settle(a.db.run('insert into tune values (1, 1)'))
      await stage.settle(a.db.close())
      const [b, c] = await stage.openAll(['B', 'C'], { migrations })
      expect(await stage.settle(b.db.values('select * from playlist'))).toEqual([[1, 'Sets']])
      expect(await stage.settle(c.db.values('select playlist_ref from tune'))).toEqual([[1]])
      await stage.settle(c.db.run('insert into playlist (name) values (null)'))
      expect(await stage.settle(b.db.values('pragma foreign_key_check'))).toEqual([])
    })(),
  60_000,
)

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { asc, eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { drizzle, migrationsFrom } from '../../src/adapters/drizzle.ts'
import { inWorlds } from '../simulation/scenarios/stage.ts'
import * as schema from './drizzle-kit/after.ts'

const { playlist, tune } = schema

/** What a bundler gives of a folder: the text of each file by its path. */
async function filesOf(folder: string): Promise<Record<string, string>> {
  const home = fileURLToPath(new URL(`drizzle-kit/${folder}`, import.meta.url))
  const entries = await readdir(home, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path.slice(home.length), await readFile(path, 'utf8')])),
  )
}

test.each([
  ['0.31.11', ['0000_before', '0001_after']],
  ['1.0.0-rc.5', ['20261123021839_before', '20261123021842_after']],
])(
  'R30 drizzle: a folder that drizzle-kit %s has written makes the tables, and then alters them with their rows',
  async (version, names) => {
    const migrations = migrationsFrom(await filesOf(version))
    expect(migrations.map(({ name }) => name)).toEqual(names)
    const play = inWorlds(1, async (stage) => {
      const a = await stage.open('A', { migrations: migrations.slice(0, 1) })
      await stage.settle(a.db.run("insert into playlist (name) values ('Sets')"))
      await stage.settle(a.db.run('insert into tune (playlist_ref) values (1)'))
      await expect(stage.settle(a.db.run('insert into playlist (name) values (null)'))).rejects.toThrow(
        'NOT NULL',
      )
      await stage.settle(a.db.close())

      const [b, c] = await stage.openAll(['B', 'C'], { migrations })
      const [here, there] = [drizzle(b.db, { schema }), drizzle(c.db, { schema })]
      const kept = { id: 1, title: 'Gan Ainm; or none', mode: 'Major', playlistRef: 1 }
      expect(await stage.settle(here.select().from(tune).execute())).toEqual([kept])
      expect(await stage.settle(there.select().from(playlist).execute())).toEqual([{ id: 1, name: 'Sets' }])
      await stage.settle(there.insert(playlist).values({ name: null }).execute())
      await stage.settle(there.update(tune).set({ playlistRef: 2 }).where(eq(tune.id, 1)).execute())
      expect(
        await stage.settle(
          here.select({ name: playlist.name }).from(playlist).orderBy(asc(playlist.id)).execute(),
        ),
      ).toEqual([{ name: 'Sets' }, { name: null }])
      const causeOf = (query: Promise<unknown>) =>
        stage.settle(query.catch((error: Error) => String(error.cause)))
      const add = (values: typeof playlist.$inferInsert) =>
        causeOf(here.insert(playlist).values(values).execute())
      expect(await add({ name: '' })).toContain('CHECK constraint failed: named')
      expect(await add({ name: 'Sets' })).toContain('UNIQUE constraint failed: playlist.name')
      expect(await causeOf(here.delete(playlist).where(eq(playlist.id, 2)).execute())).toContain(
        'FOREIGN KEY',
      )
    })
    await play()
  },
  60_000,
)

import { describe, expect, it } from 'vitest'
import { fullRepertoire, morning, rowsOf, shortSet } from '../../test/practice-fixture.ts'
import { createTestDb } from '../../test/sqlite-db.ts'
import { catalog } from '../catalog/catalog.ts'
import { seed } from './seed.ts'

const demo = { id: shortSet.userRef, name: 'Demo' }

describe('seed', () => {
  it('fills a database once, whoever comes first, and makes the same rows in every one', async () => {
    const one = createTestDb()
    const other = createTestDb()
    await Promise.all([
      seed(one, demo, catalog, 'UTC', morning),
      seed(one, demo, catalog, 'UTC', new Date(morning.getTime() + 1)),
    ])
    await seed(other, demo, catalog, 'UTC', morning)
    for (const table of ['tune', 'playlist', 'playlist_tune', 'practice_record', 'user_profile']) {
      expect(await rowsOf(one, table), table).toEqual(await rowsOf(other, table))
    }
    expect(await rowsOf(one, 'tune')).toHaveLength(catalog.length)
  })

  it('does not bring back what the user deleted', async () => {
    const db = createTestDb()
    await seed(db, demo, catalog, 'UTC', morning)
    await db.run('delete from playlist_tune')
    await seed(db, demo, catalog, 'UTC', morning)
    expect(await rowsOf(db, 'playlist_tune')).toEqual([])
  })

  it('gives a made-up user an empty playlist and the catalog', async () => {
    const db = createTestDb()
    await seed(db, { id: 'made-up', name: 'Me' }, catalog, 'UTC', morning)
    expect(await rowsOf(db, 'playlist')).toMatchObject([{ user_ref: 'made-up', name: 'My tunes' }])
    expect(await rowsOf(db, 'playlist_tune')).toEqual([])
  })

  it('puts the practice of a demo user into the past, with valid references', async () => {
    const db = createTestDb()
    await seed(db, { id: fullRepertoire.userRef, name: 'Demo' }, catalog, 'UTC', morning)
    const future = await db.all('select * from practice_record where practiced >= ?', [morning.toISOString()])
    expect(future).toEqual([])
    expect(await db.all('pragma foreign_key_check')).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { listTunes, morning, rowsOf, seededDb, shortSet } from '../../test/practice-fixture.ts'
import { filterTunes } from './filter-tunes.ts'
import { addToPlaylist } from './repertoire.ts'

const all = { text: '', type: '', mode: '' }

describe('listTunes', () => {
  it('lists every tune by title, and says which are in the playlist', async () => {
    const db = await seededDb(shortSet)
    const tunes = await listTunes(db, shortSet)
    const titles = tunes.map((tune) => tune.title)
    expect(titles.indexOf('The Kesh Jig')).toBeLessThan(titles.indexOf('Korobeiniki'))
    expect(tunes.filter((tune) => tune.inPlaylist === 1)).toHaveLength(5)
  })
})

describe('addToPlaylist', () => {
  it('adds a tune once, whoever adds it', async () => {
    const db = await seededDb(shortSet)
    const slane = (await listTunes(db, shortSet)).find((tune) => tune.title === 'Slane')
    if (slane === undefined) throw new Error('Slane is not in the catalog.')
    await addToPlaylist(db, shortSet, slane.id, morning)
    const once = await rowsOf(db, 'playlist_tune')
    await addToPlaylist(db, shortSet, slane.id, new Date(morning.getTime() + 1))
    expect(await rowsOf(db, 'playlist_tune')).toEqual(once)
    expect(once).toHaveLength(6)
  })
})

describe('filterTunes', () => {
  it('narrows by words, type and mode', async () => {
    const tunes = await listTunes(await seededDb(shortSet), shortSet)
    const titles = (filter: typeof all): string[] => filterTunes(tunes, filter).map((tune) => tune.title)
    expect(titles(all)).toHaveLength(tunes.length)
    expect(titles({ ...all, text: '  connaughtmans RAMBLES' })).toEqual(["The Connaughtman's Rambles"])
    expect(titles({ ...all, text: 'hanschen' })).toEqual(['Hänschen klein'])
    expect(titles({ text: 'irish', type: 'Slip Jig', mode: 'Minor' })).toEqual(['The Kid on the Mountain'])
    expect(titles({ ...all, text: 'no such tune' })).toEqual([])
  })
})

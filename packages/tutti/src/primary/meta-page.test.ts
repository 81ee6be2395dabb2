import { expect, it } from 'vitest'
import { createMemoryStore } from '../storage/memory-store.ts'
import { PAGE_SIZE } from '../storage/page-size.ts'
import { readMetaPage } from './meta-page.ts'
import { EngineFixture } from './testing/engine-fixture.ts'

it('R29.1 reads the page of tutti_meta wherever it is, and no other', async () => {
  const store = createMemoryStore()
  const fixture = await EngineFixture.open({ store })
  fixture.exec('create table look_alike (key text primary key, value) without rowid; create table t (a, b)')
  fixture.run("insert into look_alike values ('version', 7), ('flushed', 9), ('epoch', 1)")
  for (const version of [3, 127, 128, 300, 70_000, 2 ** 33]) {
    fixture.engine.flushed(version)
    const { version: written } = fixture.run('insert into t values (?, ?)', [version, 'x'.repeat(100)])
    const { bytes } = fixture.engine.readPages(1, 100)
    const found = Array.from({ length: bytes.length / PAGE_SIZE }, (_, i) =>
      readMetaPage(bytes.subarray(i * PAGE_SIZE, (i + 1) * PAGE_SIZE)),
    ).filter((words) => words !== undefined)
    expect(found).toEqual([
      { incarnation: fixture.engine.incarnation, version: written, flushed: Math.max(version, 0) },
    ])
  }
})

it('is never led outside the page', () => {
  const page = new Uint8Array(PAGE_SIZE)
  page.set([0x0a, 0, 0, 0, 6])
  page.fill(0xff, 8)
  expect(readMetaPage(page)).toBeUndefined()
  expect(readMetaPage(new Uint8Array(PAGE_SIZE))).toBeUndefined()
})

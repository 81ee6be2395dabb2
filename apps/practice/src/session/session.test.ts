import { createRoot } from 'solid-js'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { demoUsers } from '../data/demo-users.ts'
import { createSession, type Session } from './session.ts'

// In Node the package resolves to its server build, whose memos never change.
vi.mock('solid-js', () => vi.importActual('solid-js/dist/solid.js'))

class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>()
  get length(): number {
    return this.#items.size
  }
  clear(): void {
    this.#items.clear()
  }
  getItem(key: string): string | null {
    return this.#items.get(key) ?? null
  }
  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null
  }
  removeItem(key: string): void {
    this.#items.delete(key)
  }
  setItem(key: string, value: string): void {
    this.#items.set(key, value)
  }
}

let storage: Storage
let otherTab: EventTarget

function session(): Session {
  return createRoot(() => createSession(storage, otherTab))
}

beforeEach(() => {
  storage = new MemoryStorage()
  otherTab = new EventTarget()
})

describe('createSession', () => {
  it('names the demo user of the project with its fixed ids', () => {
    expect(demoUsers).toContainEqual(
      expect.objectContaining({
        id: '00000000-0000-4000-8000-000000009002',
        playlistId: '00000000-0000-4000-8000-000000019002',
      }),
    )
  })

  it('P8: sees in this tab who signed in or out in another', () => {
    const here = session()
    expect(here.person()).toBeUndefined()
    const there = session()
    const [first, second] = demoUsers
    if (first === undefined || second === undefined) throw new Error('There are two demo users.')
    there.signIn(first)
    otherTab.dispatchEvent(new Event('storage'))
    expect(here.person()?.id).toBe(first.id)
    here.signIn(second)
    otherTab.dispatchEvent(new Event('storage'))
    expect(there.person()?.id).toBe(second.id)
    there.signOut()
    otherTab.dispatchEvent(new Event('storage'))
    expect(here.person()).toBeUndefined()
  })

  it('keeps made-up users, and lets nobody in whom it does not know', () => {
    const made = session().create('Newcomer')
    expect(session().madeUp()).toEqual([made])
    session().signIn(made)
    expect(session().person()).toEqual(made)
    storage.setItem('practice.user', 'nobody')
    expect(session().person()).toBeUndefined()
  })

  it('survives a storage that something else has written to', () => {
    storage.setItem('practice.people', '{"not": "a list"')
    expect(session().madeUp()).toEqual([])
    storage.setItem('practice.people', '[1, null, {"id": "a"}, {"id": "a", "name": "A"}]')
    expect(session().madeUp()).toEqual([{ id: 'a', name: 'A' }])
  })
})

import { type Accessor, createMemo, createSignal } from 'solid-js'
import { demoUsers } from '../data/demo-users.ts'
import type { Person } from '../data/seed.ts'

const CURRENT = 'practice.user'
const MADE_UP = 'practice.people'

/** Who is signed in. Kept in the browser's local storage, so all tabs agree; there is no password. */
export interface Session {
  readonly person: Accessor<Person | undefined>
  /** The users made up in this browser. */
  readonly madeUp: Accessor<readonly Person[]>
  signIn(person: Person): void
  signOut(): void
  /** Makes up a user; signs nobody in. */
  create(name: string): Person
  dispose(): void
}

/** @param target where the `storage` events of other tabs arrive */
export function createSession(storage: Storage, target: Pick<Window, keyof EventTarget>): Session {
  const [currentId, setCurrentId] = createSignal(storage.getItem(CURRENT))
  const [madeUp, setMadeUp] = createSignal(parsePeople(storage.getItem(MADE_UP)))

  const read = (): void => {
    setMadeUp(parsePeople(storage.getItem(MADE_UP)))
    setCurrentId(storage.getItem(CURRENT))
  }
  target.addEventListener('storage', read)

  const person = createMemo<Person | undefined>(
    () => [...demoUsers, ...madeUp()].find((each) => each.id === currentId()),
    undefined,
    { equals: (a, b) => a?.id === b?.id },
  )

  return {
    person,
    madeUp,
    signIn({ id }) {
      storage.setItem(CURRENT, id)
      read()
    },
    signOut() {
      storage.removeItem(CURRENT)
      read()
    },
    create(name) {
      const made: Person = { id: crypto.randomUUID(), name }
      storage.setItem(MADE_UP, JSON.stringify([...parsePeople(storage.getItem(MADE_UP)), made]))
      read()
      return made
    },
    dispose: () => target.removeEventListener('storage', read),
  }
}

/** Local storage is open to every script of the origin and to older builds: keeps only what is well-formed. */
function parsePeople(json: string | null): readonly Person[] {
  try {
    const list: unknown = JSON.parse(json ?? '[]')
    return Array.isArray(list) ? list.filter(isPerson) : []
  } catch {
    return []
  }
}

function isPerson(value: unknown): value is Person {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    typeof value.id === 'string' &&
    'name' in value &&
    typeof value.name === 'string'
  )
}

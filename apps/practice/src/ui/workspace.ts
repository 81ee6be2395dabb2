import { type Accessor, createContext, createMemo, createSignal, useContext } from 'solid-js'
import type { Database } from 'tutti'
import type { Scope } from '../data/db.ts'
import type { Person } from '../data/seed.ts'
import { createQuery, whenTablesChange } from './query.ts'

export interface Playlist {
  readonly id: string
  readonly name: string
}

/** The open database of the signed-in user, and the playlist that the pages are about. */
export interface Workspace {
  readonly db: Database
  readonly person: Person
  readonly playlists: Accessor<readonly Playlist[]>
  /** Undefined until the playlists are read. */
  readonly playlist: Accessor<Playlist | undefined>
  readonly scope: Accessor<Scope | undefined>
  choose(playlistId: string): void
}

export function createWorkspace(db: Database, person: Person, storage: Storage): Workspace {
  const key = `practice.playlist.${person.id}`
  const [chosen, setChosen] = createSignal(storage.getItem(key))
  const playlists = createQuery(
    () => person.id,
    (userRef) =>
      db.all<Playlist>('select id, name from playlist where user_ref = ? order by created_at, id', [userRef]),
    [],
    whenTablesChange(db, ['playlist']),
  )
  const playlist = createMemo(
    () => playlists.value().find((each) => each.id === chosen()) ?? playlists.value()[0],
  )
  const scope = createMemo<Scope | undefined>(
    () => {
      const id = playlist()?.id
      return id === undefined ? undefined : { userRef: person.id, playlistRef: id }
    },
    undefined,
    { equals: (a, b) => a?.playlistRef === b?.playlistRef },
  )
  return {
    db,
    person,
    playlists: playlists.value,
    playlist,
    scope,
    choose(playlistId) {
      storage.setItem(key, playlistId)
      setChosen(playlistId)
    },
  }
}

export const WorkspaceContext = createContext<Workspace>()

export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext)
  if (workspace === undefined) throw new Error('useWorkspace() is for components inside DatabaseGate.')
  return workspace
}

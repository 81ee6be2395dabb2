import { eq } from 'drizzle-orm'
import { type Accessor, createContext, createMemo, createSignal, useContext } from 'solid-js'
import { createLiveQuery } from 'tutti/solid'
import type { Db, Scope } from '../data/db.ts'
import { playlist as playlistTable } from '../data/schema.ts'
import type { Person } from '../data/seed.ts'

export interface Playlist {
  readonly id: string
  readonly name: string
}

/** The open database of the signed-in user, and the playlist that the pages are about. */
export interface Workspace {
  readonly db: Db
  readonly person: Person
  readonly playlists: Accessor<readonly Playlist[]>
  /** Undefined until the playlists are read. */
  readonly playlist: Accessor<Playlist | undefined>
  readonly scope: Accessor<Scope | undefined>
  choose(playlistId: string): void
}

export function createWorkspace(db: Db, person: Person, storage: Storage): Workspace {
  const key = `practice.playlist.${person.id}`
  const [chosen, setChosen] = createSignal(storage.getItem(key))
  const { id, name, userRef, createdAt } = playlistTable
  const found = createLiveQuery(() =>
    db.live(db.select({ id, name }).from(playlistTable).where(eq(userRef, person.id)).orderBy(createdAt, id)),
  )
  const playlists = () => found() ?? []
  const playlist = createMemo(() => playlists().find((each) => each.id === chosen()) ?? playlists()[0])
  const scope = createMemo<Scope | undefined>(
    () => {
      const playlistRef = playlist()?.id
      return playlistRef === undefined ? undefined : { userRef: person.id, playlistRef }
    },
    undefined,
    { equals: (a, b) => a?.playlistRef === b?.playlistRef },
  )
  return {
    db,
    person,
    playlists,
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

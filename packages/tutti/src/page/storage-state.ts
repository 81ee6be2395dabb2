import type { StorageKind } from '../protocol/values.ts'
import type { PageEnvironment } from './page-environment.ts'

/** Where the data is kept: `db.storage`. */
export interface StorageState {
  readonly kind: StorageKind
  /** True when the browser promised not to clear this origin's data by itself. */
  readonly persisted: boolean
  /** What this origin uses, bytes, as the browser estimates it; `undefined` where it does not say. */
  readonly usage: number | undefined
  /** What this origin may use, bytes. */
  readonly quota: number | undefined
}

/** Keeps {@link StorageState} up to date. The browser's answers may be late, refused or missing. */
export class StorageWatch {
  readonly #manager: PageEnvironment['storage']
  readonly #changed: () => void
  #state: StorageState

  /** @param kind what is assumed until the member says which rung it is */
  constructor(manager: PageEnvironment['storage'], kind: StorageKind, changed: () => void) {
    this.#manager = manager
    this.#changed = changed
    this.#state = { kind, persisted: false, usage: undefined, quota: undefined }
  }

  get state(): StorageState {
    return this.#state
  }

  setKind(kind: StorageKind): void {
    this.#update({ ...this.#state, kind })
  }

  /** Firefox asks the user: nobody may wait for this. */
  async requestPersistence(): Promise<void> {
    const persisted = await settle(this.#manager?.persist?.())
    if (persisted !== undefined) this.#update({ ...this.#state, persisted })
    await this.refresh()
  }

  async refresh(): Promise<void> {
    const [persisted, estimate] = await Promise.all([
      settle(this.#manager?.persisted?.()),
      settle(this.#manager?.estimate?.()),
    ])
    this.#update({
      kind: this.#state.kind,
      persisted: persisted ?? this.#state.persisted,
      usage: estimate?.usage,
      quota: estimate?.quota,
    })
  }

  #update(state: StorageState): void {
    const { kind, persisted, quota } = this.#state
    this.#state = state
    // `usage` moves with every commit: worth reading, not worth an event.
    if (state.kind !== kind || state.persisted !== persisted || state.quota !== quota) this.#changed()
  }
}

async function settle<Value>(answer: Promise<Value> | undefined): Promise<Value | undefined> {
  try {
    return await answer
  } catch {
    return undefined
  }
}

import { type Accessor, createSignal } from 'solid-js'

/** Runs one action of the user at a time and reports how it failed. */
export interface Busy {
  readonly busy: Accessor<boolean>
  run(action: () => Promise<void>): void
}

export function createBusy(report: (error: unknown) => void): Busy {
  const [busy, setBusy] = createSignal(false)
  return {
    busy,
    run(action) {
      if (busy()) return
      setBusy(true)
      action()
        .catch(report)
        .finally(() => setBusy(false))
    },
  }
}

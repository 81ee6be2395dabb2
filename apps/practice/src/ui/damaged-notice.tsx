import { createResource, createSignal, type JSX, Show } from 'solid-js'
import type { Recovery } from 'tutti'
import { recoverPractice } from '../data/open-practice.ts'
import type { Person } from '../data/seed.ts'
import { saveBlob } from './save-blob.ts'
import { describe } from './toasts.tsx'

const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

interface DamagedNoticeProps {
  readonly person: Person
  readonly onDecided: () => void
}

/** What to do about a damaged database: nothing is done before somebody chooses. */
export function DamagedNotice(props: DamagedNoticeProps): JSX.Element {
  const [recovery] = createResource(() => recoverPractice(props.person))
  const [working, setWorking] = createSignal(false)
  const [problem, setProblem] = createSignal<unknown>()

  async function decide(act: (found: Recovery) => Promise<void>): Promise<void> {
    const found = recovery()
    if (found === undefined) return
    setWorking(true)
    try {
      await act(found)
      props.onDecided()
    } catch (error) {
      setProblem(error)
    } finally {
      setWorking(false)
    }
  }

  async function save(found: Recovery): Promise<void> {
    const [damaged] = found.damaged
    if (damaged === undefined) return
    const { database, log } = await found.damagedBytes(damaged.name)
    saveBlob(database, damaged.name)
    if (log.size > 0) saveBlob(log, `${damaged.name}-wal`)
  }

  const failure = (): unknown => problem() ?? recovery.error
  return (
    <div class="notice" role="alert" data-testid="damaged">
      <h1>Your tunes are damaged</h1>
      <p>The file in this browser can no longer be read as it should. Nothing of it was deleted.</p>
      <Show when={!recovery.error && recovery()}>
        {(found) => (
          <>
            <Show when={found().backups[0]} fallback={<p>There is no backup of it.</p>}>
              {(latest) => (
                <button
                  type="button"
                  class="button button-primary"
                  disabled={working()}
                  onClick={() => void decide((each) => each.restore())}
                >
                  Restore the backup of {WHEN.format(latest().at)}
                </button>
              )}
            </Show>
            <div class="notice-choices">
              <button
                type="button"
                class="button"
                disabled={working()}
                onClick={() => void save(found()).catch(setProblem)}
              >
                Save the damaged file
              </button>
              <button
                type="button"
                class="button"
                disabled={working()}
                onClick={() => void decide((each) => each.startEmpty())}
              >
                Begin anew
              </button>
            </div>
          </>
        )}
      </Show>
      <Show when={failure()}>{(error) => <p>{describe(error()).message}</p>}</Show>
    </div>
  )
}

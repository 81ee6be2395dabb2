import { type Accessor, createSignal, For, type JSX, Show } from 'solid-js'
import { causeOf } from '../data/cause-of.ts'

interface Toast {
  readonly id: number
  readonly kind: 'info' | 'error'
  readonly text: string
  readonly code: string | undefined
}

/** Short messages at the edge of the page. Errors stay until dismissed. */
export interface Toasts {
  readonly list: Accessor<readonly Toast[]>
  say(text: string): void
  /** Shows the error's message and, where it has one, its code. */
  fail(error: unknown): void
  dismiss(id: number): void
}

const INFO_MS = 5000

export function createToasts(): Toasts {
  const [list, setList] = createSignal<readonly Toast[]>([])
  let lastId = 0

  const dismiss = (id: number): void => {
    setList((toasts) => toasts.filter((toast) => toast.id !== id))
  }
  const add = (kind: Toast['kind'], text: string, code?: string): number => {
    const id = ++lastId
    // The same failure again replaces its toast: a retry must not pile them up.
    setList((toasts) => [...toasts.filter((toast) => toast.text !== text), { id, kind, text, code }])
    return id
  }

  return {
    list,
    dismiss,
    say(text) {
      const id = add('info', text)
      setTimeout(() => dismiss(id), INFO_MS)
    },
    fail(error) {
      const { message, code } = describe(error)
      add('error', message, code)
    },
  }
}

/** What a person is told of an error: its message, and the code to look up. */
export function describe(failure: unknown): { message: string; code: string | undefined } {
  const error = causeOf(failure)
  if (!(error instanceof Error)) return { message: String(error), code: undefined }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return { message: error.message || error.name, code }
}

export function ToastList(props: { readonly toasts: Toasts }): JSX.Element {
  return (
    <div class="toasts" role="region" aria-label="Messages">
      <For each={props.toasts.list()}>
        {(toast) => (
          <div class={`toast toast-${toast.kind}`} role={toast.kind === 'error' ? 'alert' : 'status'}>
            <p>
              {toast.text}
              <Show when={toast.code}>{(code) => <code class="toast-code">{code()}</code>}</Show>
            </p>
            <button
              type="button"
              class="icon-button"
              aria-label="Dismiss message"
              onClick={() => props.toasts.dismiss(toast.id)}
            >
              ✕
            </button>
          </div>
        )}
      </For>
    </div>
  )
}

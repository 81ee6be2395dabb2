import type { Lifecycle } from '../protocol/page-messages.ts'
import { isMobile } from './is-mobile.ts'
import type { PageLife } from './page-environment.ts'

/**
 * The Page Lifecycle of a real page. `freeze` and `pagehide` both mean that this page's code may not run
 * again, `resume` and `pageshow` that it does: each pair is told once.
 */
export function createPageLife(page: Document, view: Window): PageLife {
  return {
    get visible() {
      return page.visibilityState === 'visible'
    },
    get url() {
      return view.location.href
    },
    get title() {
      return page.title
    },
    mobile: isMobile(view.navigator),
    listen(listener) {
      return listen(page, view, listener)
    },
  }
}

function listen(page: Document, view: Window, listener: (state: Lifecycle) => void): () => void {
  let suspended = false
  const suspend = (): void => {
    if (!suspended) listener('suspended')
    suspended = true
  }
  const resume = (): void => {
    if (suspended) listener('resumed')
    suspended = false
  }
  const change = (): void => listener(page.visibilityState === 'visible' ? 'visible' : 'hidden')
  // Capturing: before the listeners of the app, which may take their time or stop the event.
  const options = { capture: true }
  const all: readonly (readonly [EventTarget, string, () => void])[] = [
    [page, 'freeze', suspend],
    [view, 'pagehide', suspend],
    [page, 'resume', resume],
    [view, 'pageshow', resume],
    [page, 'visibilitychange', change],
  ]
  for (const [target, type, handler] of all) target.addEventListener(type, handler, options)
  return () => {
    for (const [target, type, handler] of all) target.removeEventListener(type, handler, options)
  }
}

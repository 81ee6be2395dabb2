import { type Accessor, createSignal, type JSX } from 'solid-js'

/** The path of the address bar, as a signal. Four pages need no more than this. */
export interface Router {
  readonly path: Accessor<string>
  navigate(path: string): void
  /** Goes on from a page that is not to be come back to. */
  redirect(path: string): void
  dispose(): void
}

export function createRouter(page: Window): Router {
  const [path, setPath] = createSignal(page.location.pathname)
  const read = (): void => {
    setPath(page.location.pathname)
  }
  const show = (): void => {
    read()
    page.scrollTo(0, 0)
  }
  page.addEventListener('popstate', read)
  return {
    path,
    navigate(to) {
      if (to !== page.location.pathname) page.history.pushState(null, '', to)
      show()
    },
    redirect(to) {
      page.history.replaceState(null, '', to)
      show()
    },
    dispose: () => page.removeEventListener('popstate', read),
  }
}

interface LinkProps {
  readonly router: Router
  readonly to: string
  readonly class?: string
  readonly children: JSX.Element
}

/** A link that stays in this page; a modified click still opens a new tab. */
export function Link(props: LinkProps): JSX.Element {
  const follow = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    props.router.navigate(props.to)
  }
  return (
    <a
      href={props.to}
      class={props.class}
      aria-current={props.router.path() === props.to ? 'page' : undefined}
      onClick={follow}
    >
      {props.children}
    </a>
  )
}

import { createContext, useContext } from 'solid-js'
import type { Session } from '../session/session.ts'
import type { Router } from './router.tsx'
import type { Toasts } from './toasts.tsx'

/** What every page may use, made once in `App`. */
export interface AppServices {
  readonly session: Session
  readonly router: Router
  readonly toasts: Toasts
}

export const AppContext = createContext<AppServices>()

export function useApp(): AppServices {
  const services = useContext(AppContext)
  if (services === undefined) throw new Error('useApp() is for components inside App.')
  return services
}

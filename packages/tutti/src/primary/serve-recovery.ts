import { serializeError } from '../errors/wire.ts'
import type { Port } from '../platform/platform.ts'
import { databaseNames } from '../protocol/names.ts'
import type { RecoveryAnswer, RecoveryRequest } from '../protocol/recovery-messages.ts'
import { toPublicError } from '../sqlite/sql-errors.ts'
import { Recovery, type RecoveryDeps } from './recovery.ts'

/** Does the one thing that the page asks for, and answers it. */
export function serveRecovery(
  page: Pick<Port<RecoveryAnswer, never>, 'post'>,
  { user, name, storage, ask }: RecoveryRequest,
  deps: Omit<RecoveryDeps, 'names' | 'storage'>,
): void {
  databaseNames(user, name)
    .then((names) => new Recovery({ ...deps, names, storage }).do(ask))
    .then(
      (result) => page.post({ type: 'recovered', result }),
      (error: unknown) =>
        page.post({ type: 'recovered', error: serializeError(toPublicError(error, { sql: '' })) }),
    )
}

import { badge, h, setText } from './dom.ts'
import { formatBytes } from './format-bytes.ts'
import { formatDuration } from './format-duration.ts'
import type { InspectedDatabase, InspectedStatus, InspectedStorage } from './inspected-database.ts'
import { createMembersTable } from './members-table.ts'

export interface WhoPanel {
  readonly element: HTMLElement
  /** What is known at once. */
  showIdentity(database: Pick<InspectedDatabase, 'user' | 'name' | 'version' | 'storage'>): void
  showStatus(status: InspectedStatus, storage: InspectedStorage): void
  showVersion(version: number): void
  /** What stands was true, and may be no more. */
  showStatusError(message: string): void
  /** Something about the whole database that a person must know. */
  showNotice(message: string): void
}

/** "Who am I": user, tab, role, and the other tabs. */
export function createWhoPanel(): WhoPanel {
  const fields = h('dl', { class: 'facts' })
  const field = (label: string, testId: string, style = ''): HTMLElement => {
    const value = h('dd', { 'data-testid': testId, class: style }, '–')
    fields.append(h('div', {}, h('dt', {}, label), value))
    return value
  }
  const user = field('User', 'who-user', 'long')
  const name = field('Database', 'who-database')
  const tab = field('This tab', 'who-tab', 'long id')
  const role = field('Role', 'who-role')
  const epoch = field('Epoch', 'who-epoch')
  const version = field('Version', 'who-version')
  const storage = field('Storage', 'who-storage')

  const notice = h('p', { class: 'notice', role: 'alert', hidden: true })
  const failure = h('p', { class: 'quiet failure', hidden: true })
  const members = createMembersTable()
  const more = h('dl', { class: 'more-facts' })
  const memberCount = h('summary', {}, 'Tabs')
  const activity = h('summary', { 'data-testid': 'who-activity' }, 'Activity')
  const element = h(
    'section',
    { class: 'who', 'aria-label': 'Who am I' },
    notice,
    fields,
    failure,
    h('details', { open: true }, memberCount, members.element),
    h('details', {}, activity, more),
  )

  return {
    element,
    showIdentity(database) {
      setText(user, database.user)
      user.title = database.user
      setText(name, database.name)
      setText(version, String(database.version))
      setText(storage, describeStorage(database.storage))
    },
    showStatus(status, kept) {
      failure.hidden = true
      setText(tab, status.tab)
      tab.title = status.tab
      if (role.textContent !== status.role) role.replaceChildren(badge(status.role, status.role))
      setText(epoch, String(status.epoch))
      setText(version, String(status.version))
      setText(storage, describeStorage(kept))
      setText(activity, describeActivity(status))
      setText(memberCount, `${status.members.length} ${status.members.length === 1 ? 'tab' : 'tabs'}`)
      members.show(status.members)
      more.replaceChildren(
        ...fact('Primary', status.primary ? status.primary.tab : 'none now'),
        ...fact('Failovers seen', String(status.failovers)),
        ...fact('Incarnation', status.incarnation),
        ...fact('Locks held', h('ul', {}, ...status.locks.map((lock) => h('li', {}, lock)))),
      )
    },
    showVersion(value) {
      setText(version, String(value))
    },
    showStatusError(message) {
      setText(failure, message)
      failure.hidden = false
    },
    showNotice(message) {
      setText(notice, message)
      notice.hidden = false
    },
  }
}

function fact(label: string, value: string | HTMLElement): [HTMLElement, HTMLElement] {
  return [h('dt', {}, label), h('dd', {}, value)]
}

function describeActivity({ queue, transaction, locks }: InspectedStatus): string {
  const parts = [queue === 0 ? 'Queue empty' : `${queue} waiting`]
  if (transaction)
    parts.push(`transaction open for ${formatDuration(transaction.openFor)} in ${transaction.tab}`)
  else parts.push('no open transaction')
  parts.push(`${locks.length} ${locks.length === 1 ? 'lock' : 'locks'}`)
  return parts.join(' · ')
}

function describeStorage({ kind, persisted, usage, quota }: InspectedStorage): string {
  const parts = [kind]
  if (typeof persisted === 'boolean') parts.push(persisted ? 'persisted' : 'best effort')
  if (typeof usage === 'number') {
    parts.push(
      typeof quota === 'number' ? `${formatBytes(usage)} of ${formatBytes(quota)}` : formatBytes(usage),
    )
  }
  return parts.join(' · ')
}

import type { Answer, CommittedWrite, Value, Values } from './history.ts'

type Seen = Pick<Answer, 'values' | 'log' | 'size'>

interface Setting {
  /** How many commits there are up to this one and with it. */
  readonly count: number
  readonly value: Value
}

/** The log as the one true order: what the database held after each of its commits. */
export class CommitOrder {
  readonly commits: readonly CommittedWrite[]
  readonly #settings = new Map<string, Setting[]>()

  constructor(commits: readonly CommittedWrite[]) {
    this.commits = commits
    commits.forEach(({ writes = {} }, index) => {
      for (const [key, value] of Object.entries(writes)) {
        const settings = this.#settings.get(key)
        const setting = { count: index + 1, value }
        if (settings === undefined) this.#settings.set(key, [setting])
        else settings.push(setting)
      }
    })
  }

  /** The register after the first `count` commits; `null` before it was ever set. */
  valueAt(key: string, count: number): Value {
    const settings = this.#settings.get(key) ?? []
    const place = firstWhere(settings.length, (index) => (settings[index]?.count ?? 0) > count)
    return settings[place - 1]?.value ?? null
  }

  /**
   * How many commits the database may have had at `version`: exactly one number, unless some around
   * it have versions that nobody knows.
   */
  countsAt(version: number): readonly number[] {
    const { commits } = this
    let least = 0
    let most = commits.length
    for (let index = 0; index < commits.length; index++) {
      const known = commits[index]?.version ?? null
      if (known === null) continue
      if (known <= version) least = index + 1
      else {
        most = index
        break
      }
    }
    // A known commit of exactly this version is the last one in it.
    if (least > 0 && commits[least - 1]?.version === version) most = least
    return Array.from({ length: Math.max(0, most - least) + 1 }, (_, index) => least + index)
  }

  /** Whether a read may have seen this after the first `count` commits. */
  agrees({ values = {}, log, size = log?.length }: Seen, count: number): boolean {
    if (size !== undefined && size !== count) return false
    const first = count - (log?.length ?? 0)
    if (log?.some((request, index) => request !== this.commits[first + index]?.request) === true) return false
    return this.differing(values, count).length === 0
  }

  /** The keys of `values` that are not so after the first `count` commits. */
  differing(values: Values, count: number): readonly string[] {
    return Object.entries(values).flatMap(([key, value]) => (this.valueAt(key, count) === value ? [] : [key]))
  }
}

/** The first index for which `holds`, which must be false up to some point and true from there. */
function firstWhere(length: number, holds: (index: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}

import { OptionsMismatchError } from '../errors/errors.ts'
import { type CheckedOptions, conflicts } from './open-options.ts'
import type { PageEnvironment } from './page-environment.ts'
import { SharedMember } from './shared-member.ts'

/** The members of this page, one for each user and database: whoever opens the same one shares it. */
export class SharedMembers {
  readonly #environment: PageEnvironment
  readonly #members = new Map<string, SharedMember>()

  constructor(environment: PageEnvironment) {
    this.#environment = environment
  }

  /** @throws {OptionsMismatchError} naming the options that the present member does not have */
  get(options: CheckedOptions): SharedMember {
    const key = JSON.stringify([options.user, options.name])
    const present = this.#members.get(key)
    if (present !== undefined) {
      const differing = conflicts(present.options, options)
      if (differing.length === 0) return present
      throw new OptionsMismatchError(
        `This page has '${options.name}' open with another ${differing.join(', ')}: ` +
          `use the same options everywhere, or close it first.`,
      )
    }
    const member = new SharedMember(this.#environment, options, () => {
      if (this.#members.get(key) === member) this.#members.delete(key)
    })
    this.#members.set(key, member)
    return member
  }
}

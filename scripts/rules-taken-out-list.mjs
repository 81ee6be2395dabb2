/**
 * @typedef {object} TakenOut one rule of SPEC.md, taken out of the source
 * @property {string} rule its id
 * @property {string} file
 * @property {string} search what keeps the rule; stands in the file once
 * @property {string} replace what is there without it
 * @property {readonly string[]} tests files of which at least one test must fail then
 * @property {Readonly<Record<string, string>>} [env]
 */

const source = 'packages/tutti/src'
const scenarios = 'packages/tutti/test/simulation/scenarios'

/** @type {readonly TakenOut[]} */
export const takenOut = [
  {
    rule: 'R1',
    file: `${source}/primary/meta.ts`,
    search: 'if (from === undefined || version > from) return false',
    replace: 'if (from === undefined) return false',
    tests: [`${source}/primary/create-engine.test.ts`],
  },
  {
    rule: 'R2',
    file: `${source}/primary/open-core.ts`,
    search: 'if (expectedIncarnation !== null && isBlank(store)) throw deleted()',
    replace: '',
    tests: [`${scenarios}/deletion.test.ts`],
  },
  {
    rule: 'R4',
    file: `${source}/member/member.ts`,
    search: 'if (otherProtocol) this.#outdated()',
    replace: '',
    tests: [`${scenarios}/builds.test.ts`],
  },
  {
    rule: 'R5',
    file: `${source}/primary/reign.ts`,
    search: "void options.lock.lost.then(() => this.#finish({ kind: 'demoted' }))",
    replace: '',
    tests: [`${scenarios}/election.test.ts`],
  },
  {
    rule: 'R5',
    file: `${source}/primary/reign.ts`,
    search: 'await platform.locks.held(names.primaryLock)',
    replace: '',
    tests: [`${scenarios}/election.test.ts`],
  },
  {
    rule: 'R6',
    file: `${source}/cluster/candidacy.ts`,
    search: 'if (this.#mayRob && held.includes(lock)) {',
    replace: 'if (held.length < 0) {',
    tests: [`${scenarios}/election.test.ts`],
  },
  {
    rule: 'R6',
    file: `${source}/cluster/life.ts`,
    search: ', shared: true',
    replace: '',
    tests: [`${scenarios}/election.test.ts`],
  },
  {
    rule: 'R7',
    file: `${source}/page/member-session.ts`,
    search: "const ended = state === 'suspended' ? this.#primary?.kill() : undefined",
    replace: 'const ended = undefined',
    tests: [`${scenarios}/election.test.ts`],
  },
  {
    rule: 'R8',
    file: `${source}/cluster/barrier.ts`,
    search: 'this.#missing = new Set(members)',
    replace: 'this.#missing = new Set()',
    tests: [`${scenarios}/leases.test.ts`],
  },
  {
    rule: 'R9',
    file: `${source}/member/feed.ts`,
    search: `this.#pending.length === 0 &&
      this.#position`,
    replace: 'this.#position',
    tests: [`${scenarios}/leases.test.ts`, 'packages/tutti/test/simulation/cluster.test.ts'],
    env: { TUTTI_SEEDS: '50' },
  },
  {
    rule: 'R9',
    file: `${source}/primary/answers.ts`,
    search: 'if (answer.version <= this.#stability.version) send(answer)',
    replace: 'if (answer.version >= 0) send(answer)',
    tests: [`${scenarios}/leases.test.ts`],
  },
  {
    rule: 'R10',
    file: `${source}/cluster/stability.ts`,
    search: 'const lease = this.#options.leases.remaining(member)',
    replace: 'const lease = 0',
    tests: [`${scenarios}/leases.test.ts`],
  },
  {
    rule: 'R10',
    file: `${source}/cluster/lease.ts`,
    search: 'const mono = this.#exchange.asked + (until.mono - this.#exchange.now)',
    replace: 'const mono = until.mono',
    tests: [`${source}/cluster/lease.test.ts`],
  },
  {
    rule: 'R11',
    file: `${source}/primary/reign.ts`,
    search:
      "everyone.post({ type: 'current', epoch: engine.epoch, version: this.#stability.version, until })",
    replace: '',
    tests: [`${scenarios}/long-statements.test.ts`],
  },
  {
    rule: 'R12',
    file: `${source}/member/reads.ts`,
    search: 'if (remaining > 0 && feed.readable) return true',
    replace: 'if (feed.readable) return true',
    tests: [`${scenarios}/leases.test.ts`],
  },
  {
    rule: 'R14',
    file: `${source}/primary/sql-engine.ts`,
    search: 'ledger.write(key, meta.version + 1, fingerprint, results)',
    replace: '',
    tests: [`${scenarios}/exactly-once.test.ts`],
  },
  {
    rule: 'R15',
    file: `${source}/primary/executor.ts`,
    search: 'clock.wall() > request.expires &&',
    replace: 'clock.wall() < 0 &&',
    tests: [`${scenarios}/exactly-once.test.ts`],
  },
  {
    rule: 'R15',
    file: `${source}/primary/ledger.ts`,
    search: 'if (key.owner === member && !this.#gone.has(key.owner) && !settled) return undefined',
    replace: 'if (!settled) return undefined',
    tests: [`${scenarios}/exactly-once.test.ts`],
  },
  {
    rule: 'R17',
    file: `${source}/primary/commit-group.ts`,
    search: 'await this.#options.flush(this.#durability)',
    replace: 'await Promise.resolve(this.#durability).then(this.#options.flush).catch(() => undefined)',
    tests: [`${scenarios}/storage-faults.test.ts`],
  },
  {
    rule: 'R18',
    file: `${source}/primary/interactive-transaction.ts`,
    search: 'this.#dead = true',
    replace: '',
    tests: [`${source}/primary/interactive-transaction.test.ts`],
  },
  {
    rule: 'R19',
    file: `${source}/primary/executor.ts`,
    search: 'const stored = this.#transaction?.tx === call.tx ? undefined : engine.recall(request.key)',
    replace: 'const stored = undefined',
    tests: [`${scenarios}/exactly-once.test.ts`],
  },
  {
    rule: 'R20',
    file: `${source}/primary/commit-group.ts`,
    search: "this.#durability = 'full'\n    if (then",
    replace: "this.#durability ??= 'relaxed'\n    if (then",
    tests: [`${scenarios}/storage-faults.test.ts`],
  },
  {
    rule: 'R24',
    file: `${source}/primary/publisher.ts`,
    search: 'bytes > CHUNK || underWay(session) + bytes > UNACKNOWLEDGED',
    replace: 'underWay(session) < 0',
    tests: [`${source}/primary/publisher.test.ts`],
  },
  {
    rule: 'R27',
    file: `${source}/storage/indexeddb-store.ts`,
    search: 'fenced = check.result?.owner !== mine.owner',
    replace: 'fenced = check.result === undefined',
    tests: [`${source}/storage/contract.test.ts`],
  },
  {
    rule: 'R28',
    file: `${source}/cluster/stability.ts`,
    search: 'return Math.max(lease, held ? grace : LEASE)',
    replace: 'return held ? lease : Math.min(lease, grace)',
    tests: [`${scenarios}/memory.test.ts`],
  },
  {
    rule: 'R29',
    file: `${source}/primary/reign.ts`,
    search: "if ((await store.verify()) === 'gone') this.#finish({ kind: 'gone' })",
    replace: 'await store.verify()',
    tests: [`${scenarios}/storage-faults.test.ts`],
  },
  {
    rule: 'R30',
    file: `${source}/primary/sessions.ts`,
    search: 'if (info.schema >= schema || info.writeWhenAhead) return undefined',
    replace: 'if (info.schema >= 0) return undefined',
    tests: [`${scenarios}/builds.test.ts`],
  },
  {
    rule: 'P2',
    file: `${source}/storage/primary-files.ts`,
    search: 'main.flush()\n  const pages',
    replace: 'const pages',
    tests: [`${source}/storage/fault-loop.test.ts`],
  },
  {
    rule: 'R15',
    file: `${source}/member/member.ts`,
    search: 'if (!this.#begun || this.#over) return',
    replace: 'if (this.#over) return',
    tests: [`${scenarios}/exactly-once.test.ts`],
  },
  {
    rule: 'P3',
    file: `${source}/primary/reign.ts`,
    search: 'if (session.refusedBefore(message.seq, message.answered)) return',
    replace: '',
    tests: ['packages/tutti/test/simulation/pinned-seeds.test.ts'],
  },
  {
    rule: 'P1.1',
    file: `${source}/member/handle-queue.ts`,
    search: 'await Promise.allSettled([...this.#writes, ...this.#forwardedReads, ...before])',
    replace: 'await Promise.allSettled(before)',
    tests: [`${scenarios}/order.test.ts`],
  },
]

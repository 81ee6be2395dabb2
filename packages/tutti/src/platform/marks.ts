/**
 * Branches that are seldom taken, and that a run of the tests has to take: the simulation counts them, and
 * fails where one is missing (coverage marks; Alex Kladov, 2020). To whoever moves such a branch its mark
 * says which tests are there for it.
 */
export const MARKS = {
  'a silent candidate is robbed': 'R6',
  'a watcher slept, and listens anew': 'R6',
  'the answer waits for the end of a full lease in the new epoch': 'R8',
  'a lease is asked for before the epoch opens': 'R8',
  'a commit waits for the lease of one that is silent': 'R9',
  'a read waits for a commit that is under way': 'R9',
  'a read asks for a lease that has ended': 'R12',
  'a read finds no primary': 'R12',
  'the wall clock ends a lease': 'R10',
  'a replica is behind, and fetches': 'R24',
  'a replica missed a delta, and fetches': 'R24',
  'a replica learns of a commit that it never received': 'R24',
  'a replica fetches across a gap, and is built anew': 'R24',
  'a replica gets a delta while it is built': 'R24',
  'a new epoch discards what was received and never declared': 'R17',
  'a replica follows into the next epoch': 'R1',
  'a replica may not follow, and is built anew': 'R1',
  'a request is sent again': 'P3',
  'a write is answered from the ledger': 'R14',
  'a COMMIT is answered from the ledger': 'R19',
  'a request of one that is gone, or was answered, is not run': 'R15',
  'a request is too late to be run': 'R15',
  'a member is buried': 'R15',
  'a transaction is ended by SQLite': 'R18',
  'a transaction is ended by its deadline': 'P4',
  'a transaction dies with its member': 'P4',
  'a demoted primary stops': 'R5',
  'a primary that slept asks for its lock': 'R5',
  'a primary hands over': 'R7',
  'a primary is terminated by its own tab': 'R5',
  'an epoch ends with the storage, and is opened again': 'R17',
  'an epoch is served without room': 'R25',
  'a full storage refuses a write': 'R25',
  'the files are still held by one who dies': 'R5',
  'commits are recovered from the log': 'P2',
  'the log has no room for a commit': 'R25',
  'the database begins from the pages of a replica': 'R28',
  'a backup is made': 'R29.2',
} as const

export type Mark = keyof typeof MARKS

let listener: ((name: Mark) => void) | undefined

/** Says that a branch is taken. The build of the workers leaves it out. */
export function mark(name: Mark): void {
  listener?.(name)
}

/** Hears of marks, one listener at a time; for tests. */
export function listenToMarks(next: ((name: Mark) => void) | undefined): void {
  listener = next
}

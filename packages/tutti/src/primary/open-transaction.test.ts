import { describe, expect, test } from 'vitest'
import { SqlError, type TransactionTimeoutError } from '../errors/errors.ts'
import { ManualClock } from '../platform/testing/manual-clock.ts'
import { OpenTransaction } from './open-transaction.ts'

function open(waiting?: string) {
  const clock = new ManualClock()
  const expired: TransactionTimeoutError[] = []
  const transaction = new OpenTransaction({
    clock,
    tx: 't',
    member: 'm',
    timeout: 5000,
    idle: 1000,
    onExpired: (error) => void expired.push(error),
    waiting: () => waiting,
  })
  return { clock, transaction, expired }
}

describe('P4 an open transaction', () => {
  test('ends when it was idle for too long, counted from its last statement', () => {
    const { clock, transaction, expired } = open()
    clock.pass(900)
    transaction.work()
    clock.pass(2000)
    transaction.rest()
    clock.pass(999)
    expect(expired).toEqual([])
    clock.pass(1)
    expect(expired).toMatchObject([{ code: 'TRANSACTION_TIMEOUT', outcome: 'not-applied' }])
    expect(expired[0]?.message).toContain('idle')
  })

  test('ends when its whole time is over, however busy it is', () => {
    const { clock, transaction, expired } = open()
    transaction.work()
    clock.pass(5000)
    expect(expired[0]?.message).toContain('5000 ms')
    expect(transaction.deadline - transaction.openedAt).toBe(5000)
  })

  test('R19 names the write of the same tab that waits behind it', () => {
    const { clock, expired } = open('insert into log')
    clock.pass(1000)
    expect(expired[0]?.message).toContain('use tx instead of db inside the callback for "insert into log"')
  })

  test('ends no more once it was closed', () => {
    const { clock, transaction, expired } = open()
    transaction.close()
    clock.pass(10_000)
    expect(expired).toEqual([])
  })
})

test('a statement that is asked again is not run again, and gives what it gave', () => {
  const { transaction } = open()
  let runs = 0
  const run = () =>
    transaction.once(1, () => [{ columns: ['n'], rows: [[++runs]], changes: 0, lastInsertRowid: 0 }])
  expect(run()).toBe(run())
  const fail = () =>
    transaction.once(2, () => {
      throw new SqlError(`failure ${++runs}`)
    })
  expect(fail).toThrow('failure 2')
  expect(fail).toThrow('failure 2')
})

import { describe, expect, test } from 'vitest'
import { HandleQueue } from './handle-queue.ts'

/** A queue whose calls note when they take effect; what goes to the primary is answered by `answer`. */
function handle() {
  const queue = new HandleQueue()
  const log: string[] = []
  const answers = new Map<string, () => void>()
  const forward = (name: string) => () => {
    log.push(`sent ${name}`)
    return new Promise<string>((resolve) => answers.set(name, () => resolve(name)))
  }
  const unused = () => Promise.resolve(undefined)
  return {
    queue,
    log,
    answer: async (name: string) => {
      answers.get(name)?.()
      await settle()
    },
    write: (name: string) =>
      queue.submit({ isRead: () => false, mayBeRead: false, read: unused, forward: forward(name) }),
    read: (name: string, here = true) =>
      queue.submit({
        isRead: () => true,
        mayBeRead: true,
        read: () => {
          log.push(`read ${name}`)
          return Promise.resolve(here ? name : undefined)
        },
        forward: forward(name),
      }),
    forwardedRead: (name: string) =>
      queue.submit({ isRead: () => false, mayBeRead: true, read: unused, forward: forward(name) }),
  }
}

const settle = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

describe('P1.1 calls of one handle', () => {
  test('writes are sent in their order without waiting for answers', async () => {
    const { log, write } = handle()
    void write('1')
    void write('2')
    await settle()
    expect(log).toEqual(['sent 1', 'sent 2'])
  })

  test('a read waits for the writes before it, and not for those after it', async () => {
    const { log, write, read, answer } = handle()
    void write('1')
    void read('2')
    void write('3')
    await settle()
    expect(log).toEqual(['sent 1'])
    await answer('1')
    expect(log).toEqual(['sent 1', 'read 2', 'sent 3'])
  })

  test('a write waits for the reads that were sent before it: they may be asked again of another primary', async () => {
    const { log, write, read, forwardedRead, answer } = handle()
    void forwardedRead('1')
    void read('2', false)
    void write('3')
    await settle()
    await answer('1')
    expect(log).toEqual(['sent 1', 'read 2', 'sent 2'])
    await answer('2')
    expect(log.at(-1)).toBe('sent 3')
  })

  test('a failed call does not stop those behind it', async () => {
    const { queue, log, write } = handle()
    const failed = queue.submit({
      isRead: () => true,
      mayBeRead: true,
      read: () => Promise.reject(new Error('no')),
      forward: () => Promise.resolve(),
    })
    await expect(failed).rejects.toThrow('no')
    void write('next')
    await settle()
    expect(log).toEqual(['sent next'])
  })
})

describe('P1.1 with a transaction', () => {
  test('a read that was called before its callback began waits for its end; one from inside does not', async () => {
    const { queue, log, read } = handle()
    queue.transactionAsked('tx')
    void read('before')
    await settle()
    expect(log).toEqual([])
    queue.transactionBegun('tx')
    queue.transactionEnded('tx')
    await settle()
    expect(log).toEqual(['read before'])

    queue.transactionAsked('other')
    queue.transactionBegun('other')
    void read('inside')
    await settle()
    expect(log).toEqual(['read before', 'read inside'])
  })
})

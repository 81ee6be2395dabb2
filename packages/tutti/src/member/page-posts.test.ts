import { expect, test } from 'vitest'
import type { FromMemberPost, FromMemberWorker } from '../protocol/page-messages.ts'
import { PagePosts } from './page-posts.ts'

const change = (version: number): FromMemberWorker => ({
  type: 'change',
  change: { version, origin: 'tab', all: false, tables: [], columns: {}, rowids: {} },
})
const answer: FromMemberWorker = { type: 'answer', n: 1, results: [], version: 2 }

function posting() {
  const posted: FromMemberPost[] = []
  return { posted, posts: new PagePosts({ post: (post) => void posted.push(post) }) }
}

/** Until all microtasks have run. */
const turn = () => new Promise((resolve) => setTimeout(resolve))

test('what a write changed and its answer are one post, in this order', async () => {
  const { posted, posts } = posting()
  posts.post(change(1))
  posts.post(change(2))
  await Promise.resolve().then(() => posts.post(answer))
  expect(posted).toEqual([[change(1), change(2), answer]])
  await turn()
  expect(posted).toHaveLength(1)
})

test('changes from which nothing follows are told before anything else happens', async () => {
  const { posted, posts } = posting()
  posts.post(change(1))
  posts.post(change(2))
  expect(posted).toEqual([])
  await turn()
  expect(posted).toEqual([[change(1), change(2)]])
  posts.post(change(3))
  await turn()
  expect(posted.at(-1)).toEqual(change(3))
})

test('changes are told at once where something begins that may take long', () => {
  const { posted, posts } = posting()
  posts.post(change(1))
  posts.flush()
  posts.flush()
  expect(posted).toEqual([change(1)])
})

test('anything else is sent at once, with what it moves', () => {
  const { posted, posts } = posting()
  posts.post(answer)
  expect(posted).toEqual([answer])
})

import { expect, test } from 'vitest'
import { Acknowledgements } from './acknowledgements.ts'

test('R9 several versions of one kind are acknowledged at once, by the last of them', () => {
  const posted: [number, boolean][] = []
  const acknowledgements = new Acknowledgements((version, complete) => posted.push([version, complete]))
  acknowledgements.settle()
  for (const version of [3, 4, 5]) acknowledgements.owe(version, true)
  expect(posted).toEqual([])
  acknowledgements.settle()
  acknowledgements.settle()
  expect(posted).toEqual([[5, true]])
})

test('R24 one whose pages are still to come does not hide one that has them', () => {
  const posted: [number, boolean][] = []
  const acknowledgements = new Acknowledgements((version, complete) => posted.push([version, complete]))
  acknowledgements.owe(3, true)
  acknowledgements.owe(4, false)
  acknowledgements.owe(5, true)
  acknowledgements.settle()
  expect(posted).toEqual([
    [3, true],
    [4, false],
    [5, true],
  ])
})

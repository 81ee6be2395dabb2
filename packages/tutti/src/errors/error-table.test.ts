import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { ERROR_CLASSES } from './error-codes.ts'
import { ParameterError } from './errors.ts'

const ROW = /^\| `(\w+)` \| `([A-Z_]+)` \| \S.* \|$/gm

it('P4.1: the README’s table has every error class with its code, and no other', async () => {
  const readme = await readFile(new URL('../../../../README.md', import.meta.url), 'utf8')
  const written = [...readme.matchAll(ROW)].map(([, name, code]) => `${name} ${code}`)
  const codes = Object.entries(ERROR_CLASSES).map(([code, ErrorClass]) => `${ErrorClass.name} ${code}`)
  const parameter = new ParameterError('')
  expect(written).toEqual([...codes, `${parameter.name} ${parameter.code}`].toSorted())
})

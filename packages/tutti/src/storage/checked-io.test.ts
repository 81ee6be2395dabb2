import { expect, test } from 'vitest'
import { isQuotaError } from './checked-io.ts'

test.each([
  [new DOMException('Quota exceeded', 'QuotaExceededError'), true],
  // As Chromium says it when the disk is full under IndexedDB.
  [
    new DOMException('IO error: …/000003.log: FILE_ERROR_NO_SPACE (WritableFileAppend)', 'UnknownError'),
    true,
  ],
  [new DOMException('Internal error.', 'UnknownError'), false],
  ['QuotaExceededError', false],
])('R25 %s is a full storage: %s', (error, full) => {
  expect(isQuotaError(error)).toBe(full)
})

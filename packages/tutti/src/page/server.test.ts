import { afterEach, expect, it, vi } from 'vitest'
import { ERROR_CLASSES } from '../errors/error-codes.ts'

const BROWSER = ['window', 'self', 'document', 'navigator', 'location', 'Worker', 'indexedDB', 'localStorage']
const before = Object.getOwnPropertyDescriptors(globalThis)

afterEach(() => {
  for (const name of BROWSER) {
    Reflect.deleteProperty(globalThis, name)
    const original = (before as Record<string, PropertyDescriptor>)[name]
    if (original !== undefined) Object.defineProperty(globalThis, name, original)
  }
})

it('importing tutti touches nothing of a browser', async () => {
  const touched: string[] = []
  for (const name of BROWSER) {
    Object.defineProperty(globalThis, name, { configurable: true, get: () => void touched.push(name) })
  }
  vi.resetModules()
  const { open } = await import('../index.ts')
  expect(touched).toEqual([])
  await expect(open({ user: 'u' })).rejects.toThrow('needs a browser page')
  expect(touched).toContain('document')
})

it('on a server open() is refused, typed, and says where it belongs', async () => {
  const { open, WorkerFailedError } = await import('../index.ts')
  await expect(open({ user: 'u' })).rejects.toThrow(WorkerFailedError)
})

it('every error class is exported', async () => {
  const exported: unknown[] = Object.values(await import('../index.ts'))
  for (const ErrorClass of Object.values(ERROR_CLASSES)) {
    expect(exported.map((value) => (value as { name?: string }).name)).toContain(ErrorClass.name)
  }
})

import { afterAll, describe, expect, it } from 'vitest'
import { ERROR_CLASSES, type ErrorCode } from './error-codes.ts'
import { ParameterError, SqlError, TuttiError } from './errors.ts'
import { deserializeError, serializeError, type WireError } from './wire.ts'

const { port1, port2 } = new MessageChannel()
afterAll(() => port1.close())

/** The error as the other side of a real port gets it. */
function cross(error: unknown): Promise<TuttiError | ParameterError> {
  return new Promise((resolve) => {
    port2.onmessage = ({ data }: MessageEvent<WireError>) => resolve(deserializeError(data))
    port1.postMessage(serializeError(error))
  })
}

describe('an error that crosses a real port', () => {
  const details = {
    outcome: 'unknown',
    requestId: 'abc:1',
    resultCode: 2067,
    sql: 'insert into t values (1)',
    offset: 12,
    cause: new Error('the disk'),
  } as const

  for (const [code, ErrorClass] of Object.entries(ERROR_CLASSES)) {
    it(`P4: ${ErrorClass.name} keeps its class, code and everything it knows`, async () => {
      const sent = new ErrorClass('what to do', details)
      const { cause, ...fields } = details
      const got = await cross(sent)
      expect(Object.getPrototypeOf(got)).toBe(ErrorClass.prototype)
      expect(got).toBeInstanceOf(TuttiError)
      expect(Object.assign({}, got)).toEqual({ ...fields, code, name: sent.name })
      expect(got.message).toBe('what to do')
      expect(String(got.cause)).toContain(cause.message)
    })

    it(`${ErrorClass.name} has no field that it was not given`, async () => {
      const got = await cross(new ErrorClass('short'))
      expect(Object.assign({}, got)).toEqual({ code, name: new ErrorClass('short').name })
      expect(got.cause).toBeUndefined()
    })
  }

  it('P4: ParameterError stays a TypeError that was not applied', async () => {
    const got = await cross(new ParameterError('number 2 is undefined', { sql: 'select ?, ?' }))
    expect(got).toBeInstanceOf(ParameterError)
    expect(got).toBeInstanceOf(TypeError)
    expect(Object.assign({}, got)).toEqual({
      code: 'PARAMETER',
      name: 'ParameterError',
      outcome: 'not-applied',
      sql: 'select ?, ?',
    })
  })

  it('anything else becomes INTERNAL, with its message kept', async () => {
    const got = await cross(new RangeError('offset is out of bounds'))
    expect(got).toMatchObject({
      code: 'INTERNAL',
      message: expect.stringContaining('offset is out of bounds'),
    })
    expect((await cross('thrown text')).message).toContain('thrown text')
  })

  it('a code of a newer build becomes INTERNAL, with its message', () => {
    const wire = { ...serializeError(new SqlError('new trouble')), code: 'toString' as ErrorCode }
    expect(deserializeError(wire)).toMatchObject({ code: 'INTERNAL', message: 'new trouble' })
  })

  it('AbortedError has the name that platforms give it', async () => {
    expect((await cross(new ERROR_CLASSES.ABORTED('stopped'))).name).toBe('AbortError')
  })
})

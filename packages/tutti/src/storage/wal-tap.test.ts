import { describe, expect, it } from 'vitest'
import { classifyWrite, FRAME_HEADER_SIZE, frameOffset } from './wal-format.ts'
import { WalTap } from './wal-tap.ts'

function header(page: number, databaseSize: number): Uint8Array {
  const bytes = new Uint8Array(FRAME_HEADER_SIZE)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, page)
  view.setUint32(4, databaseSize)
  return bytes
}

function append(tap: WalTap, frame: number, page: number, databaseSize = 0) {
  const rewinds = tap.header(frame, header(page, databaseSize))
  return { rewinds, mark: tap.page(frame) }
}

describe('the tap', () => {
  it('counts the last frame of a page, and no page that the commit cut off', () => {
    const tap = new WalTap()
    append(tap, 1, 1)
    append(tap, 2, 9)
    append(tap, 3, 4)
    tap.page(2)
    expect(append(tap, 4, 1, 8).mark?.databaseSize).toBe(8)
    expect(tap.commit()).toEqual({
      databaseSize: 8,
      frames: new Map([
        [1, 4],
        [4, 3],
      ]),
    })
    expect(tap.frameOf(1)).toBe(4)
    expect(tap.frameOf(9)).toBeUndefined()
  })

  it('takes mended headers for what they are, not for new frames', () => {
    const tap = new WalTap()
    append(tap, 1, 1)
    append(tap, 2, 2, 2)
    tap.header(1, header(1, 0))
    tap.header(2, header(2, 2))
    expect(tap.marked).toBe(true)
    expect(tap.commit()?.frames.size).toBe(2)
    expect(tap.commit()).toBeNull()
    expect(append(tap, 3, 5, 5).rewinds).toBe(false)
  })

  it('drops frames that a rollback left behind once the log goes back over them', () => {
    const tap = new WalTap()
    append(tap, 1, 1, 3)
    tap.commit()
    append(tap, 2, 2)
    append(tap, 3, 3)
    expect(append(tap, 2, 1, 3).rewinds).toBe(true)
    expect(tap.commit()?.frames).toEqual(new Map([[1, 2]]))
  })

  it('forgets an abandoned transaction, and tells where it began', () => {
    const tap = new WalTap()
    append(tap, 1, 1, 3)
    tap.commit()
    append(tap, 2, 2)
    append(tap, 3, 3, 3)
    expect(tap.abandon()).toBe(2)
    expect(tap.marked).toBe(false)
    expect(tap.commit()).toBeNull()
    expect(append(tap, 2, 3, 3).rewinds).toBe(false)
    expect(tap.commit()?.frames).toEqual(new Map([[3, 2]]))
  })

  it('does not go on when a transaction is given up after its commit mark', () => {
    const tap = new WalTap()
    append(tap, 1, 1, 3)
    expect(() => append(tap, 1, 2)).toThrow('gave up')
  })

  it('refuses a write that is none of the WAL', () => {
    expect(classifyWrite(0, 32)).toEqual({ part: 'header' })
    expect(classifyWrite(frameOffset(3), 24)).toEqual({ part: 'frame-header', frame: 3 })
    expect(classifyWrite(frameOffset(3) + 24, 4096)).toEqual({ part: 'page', frame: 3 })
    expect(() => classifyWrite(frameOffset(3) + 8, 16)).toThrow('does not fit')
  })
})

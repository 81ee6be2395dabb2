import type { PageDelta, Position } from '../../protocol/values.ts'
import type { Replica } from '../replica.ts'

/** A replica that only notes what is done to it: `pages` and deltas by name. */
export class FakeReplica implements Replica {
  readonly log: string[] = []
  position: Position | null = null
  bytes = 0
  databaseSize = 0

  begin(databaseSize: number): void {
    this.log.push('begin')
    this.databaseSize = databaseSize
  }

  put({ numbers }: PageDelta): void {
    this.log.push(`put ${numbers.join(' ')}`)
  }

  finish(position: Position): void {
    this.log.push(`finish ${position.version}`)
    this.position = position
  }

  applyDelta(_: PageDelta, position: Position): void {
    this.log.push(`apply ${position.version}`)
    this.position = position
  }

  clear(): void {
    this.log.push('clear')
    this.position = null
  }

  isRead(): boolean {
    return true
  }

  read(): { kind: 'rows'; results: [] } {
    this.log.push('read')
    return { kind: 'rows', results: [] }
  }

  open(): undefined {
    return undefined
  }

  watch(): undefined {
    return undefined
  }

  readPages(): PageDelta {
    return deltaOf(1)
  }

  isSound(): boolean {
    return true
  }

  copy(): Uint8Array<ArrayBuffer>[] {
    return []
  }

  export(): Blob {
    return new Blob()
  }

  close(): void {
    this.position = null
  }
}

/** A delta of these pages, with bytes or without. */
export function deltaOf(...numbers: readonly number[]): PageDelta {
  return { numbers: Uint32Array.from(numbers), bytes: new Uint8Array(numbers.length * 4096), databaseSize: 9 }
}

import { parseRecording, RECORDED, type RecordedLine } from '../../packages/tutti/test/history/recording.ts'

/** A browser, as far as its tabs record what they do. */
export interface Recorder {
  /** What pages logged, one line each. */
  readonly log: readonly string[]
  /** Adds a line to the log. */
  note(line: string): void
}

/** The recorded lines among those of a browser's log, as the text of a file; empty where there are none. */
export function recordingOf({ log }: Pick<Recorder, 'log'>): string {
  const lines = log.flatMap((line) => {
    const at = line.indexOf(RECORDED)
    return at < 0 ? [] : [`${line.slice(at + RECORDED.length)}\n`]
  })
  // A page that comes out of the back/forward cache tells all of it once more.
  return Array.from(new Set(lines)).join('')
}

export function readRecording(browser: Recorder): RecordedLine[] {
  return parseRecording(recordingOf(browser))
}

/** Adds a line to what the tabs of a browser record. */
export function record(browser: Recorder, line: RecordedLine): void {
  browser.note(RECORDED + JSON.stringify(line))
}

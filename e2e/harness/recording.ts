import { parseRecording, RECORDED, type RecordedLine } from '../../packages/tutti/test/history/recording.ts'
import type { TestBrowser } from './browser.ts'

/** The recorded lines among those of a browser's log, as the text of a file; empty where there are none. */
export function recordingOf({ log }: TestBrowser): string {
  const lines = log.flatMap((line) => {
    const at = line.indexOf(RECORDED)
    return at < 0 ? [] : [`${line.slice(at + RECORDED.length)}\n`]
  })
  return lines.join('')
}

export function readRecording(browser: TestBrowser): RecordedLine[] {
  return parseRecording(recordingOf(browser))
}

/** Adds a line to what the tabs of a browser record. */
export function record(browser: TestBrowser, line: RecordedLine): void {
  browser.note(RECORDED + JSON.stringify(line))
}

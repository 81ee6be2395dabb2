export { judgeRecording } from './judge-recording.ts'
export { parseRecording } from './recording.ts'

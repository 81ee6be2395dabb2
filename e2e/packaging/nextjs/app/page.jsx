import { Tunes } from './tunes'

export default function Page() {
  return <Tunes />
}

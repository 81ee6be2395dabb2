import { type JSX, onMount } from 'solid-js'
import { useWorkspace } from '../ui/workspace.ts'
import 'tutti-inspector'

/** The inspector on the very handle that the other pages would use. */
export function DebugPage(): JSX.Element {
  const { db } = useWorkspace()
  let mount: HTMLDivElement | undefined
  onMount(() => {
    const inspector = document.createElement('tutti-inspector')
    Object.assign(inspector, { database: db.$client })
    mount?.append(inspector)
  })
  return (
    <section class="debug" aria-label="Database inspector">
      <div ref={mount} />
    </section>
  )
}

/** J and K move the focus to the choice of the next and the previous open row. */
export function moveBetweenRows(list: HTMLElement, event: KeyboardEvent): void {
  const step = event.key === 'j' ? 1 : event.key === 'k' ? -1 : 0
  if (step === 0 || event.ctrlKey || event.metaKey || event.altKey) return
  const groups = [...list.querySelectorAll('fieldset')]
  const at = groups.findIndex((group) => group.contains(document.activeElement))
  const target = groups[at + step]
  const radio = target?.querySelector<HTMLInputElement>('input:checked') ?? target?.querySelector('input')
  radio?.focus()
  event.preventDefault()
}

/** `true` sets an attribute without a value; `undefined` and `false` leave it out. */
export type Attributes = Readonly<Record<string, string | boolean | undefined>>

/** Makes an element; strings become text, never markup. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value)
  }
  element.append(...children)
  return element
}

/** Sets text only where it differs: what a person has selected, or is being read aloud, stays. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}

/** A small label with a meaning of its own: a role, a mark. `tone` picks its colour. */
export function badge(text: string, tone: string): HTMLSpanElement {
  return h('span', { class: `badge ${tone}` }, text)
}

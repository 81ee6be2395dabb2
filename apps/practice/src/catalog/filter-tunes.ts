import type { ListedTune } from './repertoire.ts'

/** What the Catalog page is narrowed to; an empty string narrows nothing. */
export interface TuneFilter {
  readonly text: string
  readonly type: string
  readonly mode: string
}

/** Every word of the text must occur in the title or the source, whatever its case and accents. */
export function filterTunes(tunes: readonly ListedTune[], filter: TuneFilter): readonly ListedTune[] {
  const words = plain(filter.text).split(/\s+/).filter(Boolean)
  return tunes.filter((tune) => {
    if (filter.type !== '' && tune.type !== filter.type) return false
    if (filter.mode !== '' && tune.mode !== filter.mode) return false
    const text = plain(`${tune.title} ${tune.source}`)
    return words.every((word) => text.includes(word))
  })
}

function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}|['’]/gu, '')
    .toLowerCase()
}

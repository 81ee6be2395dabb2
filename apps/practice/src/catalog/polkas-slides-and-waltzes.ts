import { type CatalogTune, family } from './catalog-tune.ts'

export const polkasSlidesAndWaltzes: readonly CatalogTune[] = [
  ...family('Polka', '2/4', 'Traditional (Irish)', [
    ["Egan's Polka", 'D', 'Major', 'fA BA|fA BA|d2 e>f|ed BA|'],
    ["John Ryan's Polka", 'D', 'Major', 'dd B/c/d/B/|AF AF|dd B/c/d/B/|AF E2|'],
    ['The Rakes of Mallow', 'G', 'Major', 'GB GB|GB c/B/A/G/|FA FA|FA B/A/G/F/|'],
  ]),
  ...family('Polka', '2/4', 'Traditional (English)', [
    ['Bobby Shafto', 'G', 'Major', 'GG Gc|Bd BG|FF FB|Ac AF|'],
    ['London Bridge', 'G', 'Major', 'd>e dc|Bc d2|AB c2|Bc d2|'],
  ]),
  ...family('Polka', '2/4', 'Traditional (Russian)', [
    ['Korobeiniki', 'A', 'Minor', 'e2 Bc|d2 cB|A2 Ac|e2 dc|'],
  ]),
  ...family('March', '2/4', 'Traditional (American)', [
    ['Yankee Doodle', 'G', 'Major', 'GG AB|GB AD|GG AB|G2 F2|'],
  ]),
  ...family('Slide', '12/8', 'Traditional (Irish)', [
    ['The Road to Lisdoonvarna', 'E', 'Dorian', 'E2B B2A B2c d3|F2A ABA D2E FED|'],
  ]),
  ...family('Waltz', '3/4', 'Traditional (Irish)', [
    ['The South Wind', 'G', 'Major', 'dc|B3A G2|B3c d2|A3B A2|A4 dc|'],
  ]),
  ...family('Waltz', '3/4', 'Traditional (Austrian)', [
    ['O du lieber Augustin', 'G', 'Major', 'd3e dc|B2 G2 G2|A2 D2 D2|B2 G2 G2|'],
  ]),
]

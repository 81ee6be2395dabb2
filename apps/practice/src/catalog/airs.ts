import { type CatalogTune, family } from './catalog-tune.ts'

export const airs: readonly CatalogTune[] = [
  ...family('Air', '4/4', 'Traditional (Irish)', [
    ['The Star of the County Down', 'E', 'Minor', 'B,D|E2ED E2GA|B2AG A2Bd|e2dB BAGE|'],
    [
      'The Londonderry Air',
      'G',
      'Major',
      'FGA|B3A BedB|AGE3 GBc|d3e dBGB|A8|',
      "Traditional (Irish); in Petrie's Ancient Music of Ireland, 1855",
    ],
  ]),
  ...family('Air', '3/4', 'Traditional (Irish)', [
    ['Slane', 'D', 'Major', 'D2 D2 ED|B,2 A,2 A,B,|D2 D2 E2|F6|'],
    ['Molly Malone', 'G', 'Major', 'D2|G2 G2 G2|B3G G2|A2 A2 A2|c3A A2|'],
  ]),
  ...family('Air', '4/4', 'Traditional (Scottish)', [
    ['Auld Lang Syne', 'G', 'Major', 'D2|G3G G2B2|A3G A2B2|G3G B2d2|e6 e2|'],
  ]),
  ...family('Air', '3/4', 'Traditional (Scottish)', [
    ['Bunessan', 'G', 'Major', 'G2 B2 d2|g6|a6|f2 e2 d2|'],
    ['My Bonnie Lies over the Ocean', 'G', 'Major', 'D2|B3A G2|A2 G2 E2|D2 B,4|'],
  ]),
  ...family('Air', '6/8', 'Traditional (Scottish)', [
    ['The Skye Boat Song', 'G', 'Major', 'D>ED G3|A>BA d3|B>AB E3|D6|'],
  ]),
  ...family('Air', '3/4', 'Traditional (English)', [
    ['Scarborough Fair', 'D', 'Dorian', 'D4 D2|A4 A2|E3F E2|D6|'],
  ]),
  ...family('Air', '6/8', 'Traditional (English)', [
    ['Greensleeves', 'A', 'Minor', 'A|c2d e>^fe|d2B G>AB|c2A A>^GA|B2^G E3|'],
  ]),
  ...family('Air', '4/4', 'Traditional (Welsh)', [
    ['Ar Hyd y Nos', 'G', 'Major', 'G3F E2G2|A3G F2D2|E4 F3F|G8|'],
    ['Nos Galan', 'G', 'Major', 'd3c B2A2|G2A2 B2G2|ABcA B3A|G2F2 G4|'],
  ]),
  ...family('Air', '3/4', 'Traditional (Welsh)', [['The Ash Grove', 'G', 'Major', 'D2|G2 B2 d2|B2 G2 G2|']]),
  ...family('Air', '4/4', 'Traditional (Japanese)', [
    ['Sakura Sakura', 'A', 'Minor', 'A2A2 B4|A2A2 B4|A2B2 c2B2|A2BA F4|'],
  ]),
  ...family('Air', '3/4', 'Traditional (Korean)', [
    ['Arirang', 'G', 'Major', 'D3E DE|G3A GA|BAG EDE|G3A G2|'],
  ]),
  ...family('Air', '4/4', 'Traditional (Chinese)', [
    ['Mo Li Hua', 'G', 'Major', 'B2Bd egge|d2de d4|B2Bd egge|d2de d4|'],
  ]),
]

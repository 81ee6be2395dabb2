import { type CatalogTune, family } from './catalog-tune.ts'

export const songs: readonly CatalogTune[] = [
  ...family('Song', '4/4', 'Traditional (English)', [
    ['The Drunken Sailor', 'D', 'Dorian', 'A2AA A2AA|A2D2 F2A2|G2GG G2GG|G2C2 E2G2|'],
    ['This Old Man', 'G', 'Major', 'd2B2 d4|d2B2 d4|e2d2 c2B2|A2B2 c4|'],
    ['Bingo', 'G', 'Major', 'D2|G2G2 D2D2|E2E2 D2DD|G2G2 A2A2|B4 G4|'],
  ]),
  ...family('Song', '4/4', 'Traditional (American)', [
    ['Shenandoah', 'D', 'Major', 'A,2|D3D D2EF|GB A6|'],
    ['Skip to My Lou', 'G', 'Major', 'B2G2 BB/B/ d2|A2F2 AA/A/ c2|B2G2 BB/B/ d2|ABcA G4|'],
    ['Hush, Little Baby', 'G', 'Major', 'D2B2 BBcB|AAA4 z2|'],
    ['When the Saints Go Marching In', 'G', 'Major', 'z2G2 B2c2|d8|z2G2 B2c2|d8|'],
    ['Michael, Row the Boat Ashore', 'G', 'Major', 'G2B2|d3B d2e2|d8|'],
    ['Old MacDonald', 'G', 'Major', 'G2G2 G2D2|E2E2 D4|B2B2 A2A2|G8|'],
    ["She'll Be Coming Round the Mountain", 'G', 'Major', 'DE|G2G2 G2G2|E2D2 B,2D2|G8|'],
    ['Tom Dooley', 'G', 'Major', 'D2DD E2G2|B4 B4|D2DD E2G2|A8|'],
  ]),
  ...family('Song', '3/4', 'Traditional (American)', [
    ['Amazing Grace', 'G', 'Major', 'D2|G4 BG|B4 A2|G4 E2|D4 D2|'],
    ['On Top of Old Smoky', 'G', 'Major', 'G2|G2 B2 d2|g6|e6|'],
    ['Down in the Valley', 'G', 'Major', 'D2 G2 A2|B4 G2|B2 A2 G2|A6|'],
  ]),
  ...family('Song', '4/4', 'Traditional (French)', [
    ['Alouette', 'G', 'Major', 'G3A B2B2|AGAB G2D2|G3A B2B2|AGAB G4|'],
    ['Au clair de la lune', 'G', 'Major', 'G2G2 G2A2|B4 A4|G2B2 A2A2|G8|'],
    ['Ah ! vous dirai-je, maman', 'C', 'Major', 'C2C2 G2G2|A2A2 G4|F2F2 E2E2|D2D2 C4|'],
    ["Sur le pont d'Avignon", 'G', 'Major', 'G2G2 G4|A2A2 A4|B2c2 d2G2|F2G2 A2D2|'],
  ]),
  ...family('Song', '6/8', 'Traditional (French)', [
    ["Malbrough s'en va-t-en guerre", 'G', 'Major', 'G|B2B BAB|c3 B2B|A2A AGA|B3 G3|'],
  ]),
  ...family('Song', '4/4', 'Traditional (German)', [
    ['Hänschen klein', 'G', 'Major', 'd2B2 B4|c2A2 A4|G2A2 B2c2|d2d2 d4|'],
    ['Alle Vögel sind schon da', 'G', 'Major', 'G3B d2g2|e2ge d4|'],
  ]),
  ...family('Song', '3/4', 'Traditional (German)', [
    ['O Tannenbaum', 'G', 'Major', 'D2|G>G G3A|B>B B3B|AB c2 F2|A2 G4|'],
  ]),
]

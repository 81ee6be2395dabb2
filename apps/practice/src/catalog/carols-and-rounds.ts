import { type CatalogTune, family } from './catalog-tune.ts'

export const carolsAndRounds: readonly CatalogTune[] = [
  ...family('Carol', '4/4', 'Traditional (English)', [
    ['God Rest You Merry, Gentlemen', 'E', 'Minor', 'E2|E2B2 B2A2|G2F2 E2D2|E2F2 G2A2|B6 E2|'],
  ]),
  ...family('Carol', '3/4', 'Traditional (English)', [
    ['The Holly and the Ivy', 'G', 'Major', 'G2|GG G2 e2|d2 B4|'],
    ['The Coventry Carol', 'G', 'Minor', 'G2 G2 ^F2|G4 B2|A4 G2|^F6|'],
  ]),
  ...family('Carol', '4/4', 'Traditional (French)', [
    ['Veni, veni, Emmanuel', 'E', 'Minor', 'E2|G2B2 B2B2|A2c2 B2A2|G8|'],
    ['Noël nouvelet', 'D', 'Dorian', 'D2A2 GAFG|A4 D4|D2A2 GAFG|A4 D4|'],
    [
      "Branle de l'Official",
      'G',
      'Major',
      'G2G2 AGFE|D4 D4|E2G2 G2F2|G4 G4|',
      "Traditional (French); in Arbeau's Orchésographie, 1589",
    ],
  ]),
  ...family('Carol', '4/4', 'Traditional (medieval); in Piae Cantiones, 1582', [
    ['Tempus adest floridum', 'G', 'Major', 'G2G2 G2A2|G2G2 D4|E2D2 E2F2|G4 G4|'],
  ]),
  ...family('Carol', '6/8', 'Traditional (German)', [
    ['In dulci jubilo', 'G', 'Major', 'G|G2G B2c|d2e d2d|G2G B2c|d2e d3|'],
  ]),
  ...family('Carol', '4/4', 'Traditional (German)', [
    ['Es ist ein Ros entsprungen', 'G', 'Major', 'd4 d2d2|e2d2 d4|'],
  ]),
  ...family('Carol', '4/4', 'Traditional (Sicilian)', [
    ['O Sanctissima', 'G', 'Major', 'd3e d2c2|B2c2 d4|d3e d2c2|B2c2 d4|'],
  ]),
  ...family('Round', '4/4', 'Traditional (French)', [
    ['Frère Jacques', 'G', 'Major', 'G2A2 B2G2|G2A2 B2G2|B2c2 d4|B2c2 d4|'],
  ]),
  ...family('Round', '4/4', 'Traditional (English)', [
    [
      'Hey, Ho, Nobody at Home',
      'E',
      'Minor',
      'E4 D4|E2EE B,4|',
      "Traditional (English); in Ravenscroft's Pammelia, 1609",
    ],
  ]),
  ...family('Round', '6/8', 'Traditional (English)', [
    ['Three Blind Mice', 'G', 'Major', 'B3 A3|G6|B3 A3|G6|'],
  ]),
  ...family('Round', '3/4', 'Traditional', [['Dona nobis pacem', 'G', 'Major', 'G2 D2 B2|A2 D2 c2|']]),
]

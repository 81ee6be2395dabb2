import { type CatalogTune, family } from './catalog-tune.ts'

export const jigs: readonly CatalogTune[] = [
  ...family('Jig', '6/8', 'Traditional (Irish)', [
    ['The Kesh Jig', 'G', 'Major', 'G3 GAB|A3 ABd|edd gdd|edB dBA|'],
    ["Morrison's Jig", 'E', 'Dorian', 'E3 B3|EBE AFD|E3 B3|dcB AFD|'],
    ['The Swallowtail Jig', 'E', 'Dorian', 'GEE BEE|GEE BAG|FDD ADD|dcd AFD|'],
    ['The Irish Washerwoman', 'G', 'Major', 'd/c/|BGG DGG|BGB dcB|cAA EAA|cAc edc|'],
    ["The Connaughtman's Rambles", 'D', 'Major', 'FAA dAA|BAA dAG|FAA dfe|dBB BAG|'],
    ['The Lark in the Morning', 'D', 'Major', 'AFA AFA|BGB BdB|AFA AFA|fed BdB|'],
    ['Haste to the Wedding', 'D', 'Major', 'AFA agf|ede fdB|AFA AFA|Bee e2f|'],
    ['Out on the Ocean', 'G', 'Major', 'D2B BAG|BdB A2B|GED G2A|B2B AGE|'],
    ['Tripping Up the Stairs', 'D', 'Major', 'FAA GBB|FAd fed|cBc ABc|dfe dAG|'],
    ['The Cliffs of Moher', 'A', 'Dorian', 'a3 bag|eaf ged|c2A BAG|EFG ABd|'],
    ['Banish Misfortune', 'D', 'Mixolydian', 'fed cAG|A2d cAG|F2D DED|FEF GFG|'],
    ['Saddle the Pony', 'G', 'Major', 'GBA G2B|def gdB|GBA G2B|AFD AFD|'],
    ["Father O'Flynn", 'D', 'Major', 'A|dAF DFA|ded cBA|dcd efg|fdf ecA|'],
    ['Coleraine', 'A', 'Minor', 'EAA ABc|Bee e2d|cBA ABc|B^GE E2D|'],
    ['My Darling Asleep', 'D', 'Major', 'fdd cAA|BGG AFD|DFA def|gfg eag|'],
    ['The Battering Ram', 'G', 'Major', 'dBG BAG|dBG G2B|dBG AGE|GED D3|'],
    ['The Blarney Pilgrim', 'G', 'Major', 'DED DEG|A3 ABc|BAG AGE|GEA GED|'],
    ['The Lilting Banshee', 'A', 'Dorian', 'EAA EAA|BAB G2A|'],
    ['The Rolling Wave', 'D', 'Major', 'F2E EDE|F2D DED|'],
  ]),
  ...family('Jig', '6/8', 'Traditional (English)', [
    ['Off She Goes', 'D', 'Major', 'F2A G2B|ABc d2A|F2A G2B|AFE D3|'],
    ['Pop Goes the Weasel', 'G', 'Major', 'G2G A2A|BdB G2D|G2G A2A|B3 G3|'],
  ]),
  ...family('Jig', '6/8', 'Traditional (Scottish)', [
    ['The Atholl Highlanders', 'A', 'Major', 'e3 ecA|ecA Bcd|e3 ecA|Bcd cBA|'],
  ]),
  ...family('Slip Jig', '9/8', 'Traditional (Irish)', [
    ['The Kid on the Mountain', 'E', 'Minor', 'E3 FEF G2F|E3 BcA BGD|'],
    ['Hardiman the Fiddler', 'D', 'Mixolydian', 'A2G ADD A2G|A2G Adc BAG|'],
    ['The Rocky Road to Dublin', 'A', 'Dorian', 'eAA eAA efg|eAA BAG efg|'],
    ['A Fig for a Kiss', 'E', 'Dorian', 'G2B E2B BAG|FAF DFA dAF|G2B E2B BAG|BdB AGF E3|'],
  ]),
]

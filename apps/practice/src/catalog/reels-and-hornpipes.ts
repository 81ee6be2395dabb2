import { type CatalogTune, family } from './catalog-tune.ts'

export const reelsAndHornpipes: readonly CatalogTune[] = [
  ...family('Reel', '4/4', 'Traditional (Irish)', [
    ['Drowsy Maggie', 'E', 'Dorian', 'E2BE dEBE|E2BE AFDF|E2BE dEBE|BABc dAFD|'],
    ['The Silver Spear', 'D', 'Major', 'FA(3AAA BAFA|dfed BcdA|FA(3AAA BAFA|dfed B2AF|'],
    ['The Maid Behind the Bar', 'D', 'Major', 'FAAB AFED|FAAB A2de|fBBA BcdB|AFFE FEED|'],
    ['The Wind That Shakes the Barley', 'D', 'Major', 'A2AB AFED|B2BA BcdB|A2AB AFED|gfed BcdB|'],
    ['The Merry Blacksmith', 'D', 'Major', 'd2dA BAFA|ABdA BAFA|ABde fded|Beed egfe|'],
    ['The Star of Munster', 'A', 'Dorian', 'c2Ac B2GB|AGEF GEDG|EAAB cBcd|eaaf gfed|'],
    ['The Musical Priest', 'B', 'Minor', 'FBBA B2Bd|cBAf ecBA|F2BA B2Bd|cBAc B4|'],
    ['The Sally Gardens', 'G', 'Major', 'G2DG BGDG|BGBd cBAB|'],
    ['The Fermoy Lasses', 'E', 'Dorian', 'E2GE BEGE|E2GE FEDF|'],
  ]),
  ...family('Reel', '4/4', 'Traditional (Scottish)', [
    ["Miss McLeod's Reel", 'G', 'Major', 'G2BG dGBG|B2BA BcBA|G2BG dGBG|A2AG A2BA|'],
    ["The Devil's Dream", 'A', 'Major', 'eaga eaga|eaga fedc|dfBf dfBf|dfaf gfed|'],
    ["Soldier's Joy", 'D', 'Major', 'FAdA FAdA|FAd2 d2AG|'],
  ]),
  ...family('Reel', '4/4', 'Traditional (American)', [
    ['Old Joe Clark', 'A', 'Mixolydian', 'efgf e2c2|efgf e4|efgf e2c2|ABcB A4|'],
    ['Arkansas Traveler', 'D', 'Major', 'D2F2 E2D2|B,2B,2 A,4|D2D2 E2E2|F2D2 F4|'],
    ['Boil Them Cabbage Down', 'G', 'Major', 'B2B2 c2c2|B2B2 A4|B2B2 c2c2|B2A2 G4|'],
  ]),
  ...family('Hornpipe', '4/4', 'Traditional (Irish)', [
    ['The Boys of Bluehill', 'D', 'Major', 'FA|BAFA D2FA|BABd e2de|fafd efde|fdBd A2FA|'],
    ['Off to California', 'G', 'Major', 'DF|GFGB AGED|GBdg e2ef|gfgd edBG|ABAG E2DF|'],
    ['The Harvest Home', 'D', 'Major', 'DAFA DAFA|defe dcBA|eAfA gAfA|edcB AGFE|'],
    ['The Rights of Man', 'E', 'Minor', 'GA|BcAB GAGF|EFGA B2ef|'],
  ]),
  ...family('Hornpipe', '4/4', 'Traditional (English)', [
    ["Fisher's Hornpipe", 'D', 'Major', 'dAFA GBAG|FAFD GEGE|dAFA GBAG|'],
    ['The Keel Row', 'G', 'Major', 'B2G>B c2A>c|B2G>B A>FD2|B2G>B c2A>c|B>GA>F G4|'],
  ]),
]

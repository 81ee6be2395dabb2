import type { Rating } from '../review/rating.ts'

/** A tune of a demo repertoire: how it was recalled so far, and how many days from the first day it is due. */
export interface DemoTune {
  readonly title: string
  /** Past answers, oldest first; none for a tune never practised. */
  readonly answers: readonly Rating[]
  /** Negative for a tune that has lapsed; means nothing without answers. */
  readonly dueInDays: number
}

export interface DemoUser {
  readonly id: string
  readonly name: string
  readonly about: string
  readonly playlistId: string
  readonly playlistName: string
  readonly tunes: readonly DemoTune[]
}

/** The users of the sign-in page. Their ids are fixed: saved links and SQL may name them. */
export const demoUsers: readonly DemoUser[] = [
  {
    id: '00000000-0000-4000-8000-000000009002',
    name: 'Short set',
    about: 'Five tunes, three of them to practise today',
    playlistId: '00000000-0000-4000-8000-000000019002',
    playlistName: 'First tunes',
    tunes: [
      tune('The Kesh Jig', 0, [3, 3]),
      tune("Morrison's Jig", -3, [3, 2, 3]),
      tune('Drowsy Maggie', 0, []),
      tune('The Wind That Shakes the Barley', 12, [3, 3, 4]),
      tune('The South Wind', 20, [4, 3, 4]),
    ],
  },
  {
    id: '00000000-0000-4000-8000-000000009003',
    name: 'Full repertoire',
    about: 'Thirty tunes with a history: due, lapsed, new and long forgotten',
    playlistId: '00000000-0000-4000-8000-000000019003',
    playlistName: 'Irish session',
    tunes: [
      tune('The Swallowtail Jig', 0, [3, 3, 3]),
      tune("The Connaughtman's Rambles", 0, [2, 3]),
      tune("Soldier's Joy", 0, [3, 4]),
      tune('Banish Misfortune', -2, [3, 1, 3]),
      tune('The Merry Blacksmith', -4, [3, 3]),
      tune("Egan's Polka", -6, [4, 3]),
      tune('The Rights of Man', 0, []),
      tune('A Fig for a Kiss', 0, []),
      tune('The Cliffs of Moher', -15, [3, 2]),
      tune('The Star of Munster', -24, [2, 3, 3]),
      tune('The Rakes of Mallow', -40, [3]),
      tune('The Musical Priest', -75, [1, 3]),
      tune('The Harvest Home', -120, [3, 3]),
      tune('The Kesh Jig', 5, [3, 3, 3]),
      tune('Drowsy Maggie', 8, [3, 3, 4]),
      tune('The Irish Washerwoman', 2, [3, 3]),
      tune('The Lark in the Morning', 10, [3, 4, 3]),
      tune('The Blarney Pilgrim', 14, [3, 3, 3]),
      tune('Out on the Ocean', 3, [2, 3, 3]),
      tune('The Silver Spear', 18, [4, 4]),
      tune('The Maid Behind the Bar', 6, [3, 2, 3]),
      tune("Miss McLeod's Reel", 21, [3, 3, 4]),
      tune('The Sally Gardens', 9, [3, 3]),
      tune('The Boys of Bluehill', 11, [3, 4]),
      tune('Off to California', 4, [3, 3]),
      tune("John Ryan's Polka", 16, [4, 3]),
      tune('The South Wind', 7, [3, 3]),
      tune('The Road to Lisdoonvarna', 1, [2, 3]),
      tune('The Rocky Road to Dublin', 13, [3, 3, 3]),
      tune('The Londonderry Air', 30, [4, 4, 4]),
    ],
  },
]

function tune(title: string, dueInDays: number, answers: readonly Rating[]): DemoTune {
  return { title, dueInDays, answers }
}

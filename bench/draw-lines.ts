import { parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import { peerNamed } from './peers/list.ts'
import { median } from './quantile.ts'
import type { Result } from './results.ts'

/** Told apart by whoever sees few colours, too, on white as on black; after Okabe and Ito (2008). */
const COLOURS = ['#1f83d6', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#a0522d', '#999999']
/** Settings of one package have one colour. */
const DASHES = [
  [1, 0],
  [6, 3],
  [2, 2],
  [8, 2, 2, 2],
]
/** Can be read on white as on black. */
const INK = '#808080'
const FAINT = '#80808040'

/** A series as an SVG: medians of each peer, a line each, both axes logarithmic. @param found of one figure */
export async function drawLines(figure: string, found: readonly Result[]): Promise<string> {
  const peers = [...new Set(found.map(({ peer }) => peer))]
  const families = [...new Set(peers.map(familyOf))]
  const own = (peer: string): number => families.indexOf(familyOf(peer))
  const nth = (peer: string): number => peers.filter((one) => familyOf(one) === familyOf(peer)).indexOf(peer)
  const points = found
    .map(({ peer, x = '', samples }) => ({ peer, x: Number.parseFloat(x), y: median(samples) }))
    // A logarithm has no zero, and memory may shrink.
    .filter(({ y }) => y > 0)
  const [varied = ''] = found.map(({ x = '' }) => x.replace(/^[\d.]+ /, ''))
  const spec: TopLevelSpec = {
    background: 'transparent',
    width: 560,
    height: 320,
    title: { text: figure, anchor: 'start' },
    data: { values: points },
    mark: { type: 'line', point: { size: 30 } },
    encoding: {
      x: {
        field: 'x',
        type: 'quantitative',
        title: varied,
        scale: { type: 'log', nice: false },
        axis: { values: [...new Set(points.map(({ x }) => x))], format: 'd' },
      },
      y: { field: 'y', type: 'quantitative', title: found[0]?.unit ?? '', scale: { type: 'log' } },
      color: {
        field: 'peer',
        type: 'nominal',
        title: null,
        scale: { domain: peers, range: peers.map((peer) => COLOURS[own(peer) % COLOURS.length] ?? INK) },
      },
      strokeDash: {
        field: 'peer',
        type: 'nominal',
        title: null,
        scale: { domain: peers, range: peers.map((peer) => DASHES[nth(peer) % DASHES.length] ?? [1, 0]) },
      },
      strokeWidth: { condition: { test: "datum.peer === 'tutti'", value: 3 }, value: 1.5 },
    },
    config: {
      view: { stroke: null },
      title: { color: INK },
      legend: { labelColor: INK, symbolType: 'stroke', symbolStrokeWidth: 2, symbolSize: 600 },
      axis: { labelColor: INK, titleColor: INK, domainColor: INK, tickColor: INK, gridColor: FAINT },
    },
  }
  const view = new View(parse(compile(spec).spec), { renderer: 'none' })
  try {
    return await view.toSVG()
  } finally {
    view.finalize()
  }
}

function familyOf(peer: string): string {
  return peerNamed(peer).package ?? peer
}

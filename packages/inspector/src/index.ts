import { TuttiInspector } from './inspector.ts'

export type {
  InspectedCallOptions,
  InspectedDatabase,
  InspectedMember,
  InspectedResult,
  InspectedStatus,
  InspectedStorage,
  InspectedValue,
} from './inspected-database.ts'
export { TuttiInspector } from './inspector.ts'

if (globalThis.customElements && !customElements.get('tutti-inspector')) {
  customElements.define('tutti-inspector', TuttiInspector)
}

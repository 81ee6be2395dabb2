import { engineContract } from './contract.ts'
import { webkit } from './webkit.ts'

engineContract(webkit)

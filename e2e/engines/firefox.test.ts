import { engineContract } from './contract.ts'
import { firefox } from './firefox.ts'

engineContract(firefox)

import { chromium } from './chromium.ts'
import { engineContract } from './contract.ts'

engineContract(chromium)

/**
 * A simulated browser for tests: many tabs in one process, under a seeded scheduler, that can be
 * killed, frozen or robbed between any two events.
 */
export { memoryBlobs } from './simulated/blobs.ts'
export type { Life, SimulatedContext } from './simulated/context.ts'
export type { SimulatedDisk, SimulatedHandle } from './simulated/disk.ts'
export type { DiskFault } from './simulated/disk-faults.ts'
export type { SimulatedFile } from './simulated/disk-file.ts'
export { createPortPair } from './simulated/ports.ts'
export { createPrng, type Prng, type Range } from './simulated/prng.ts'
export { createSimulation, type Simulation, type SimulationOptions } from './simulated/simulation.ts'
export { SimulationError } from './simulated/simulation-error.ts'
export type { SimulatedTab } from './simulated/tab.ts'

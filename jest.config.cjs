module.exports = {
  // A worker keeps something of each file that it ran, and a full collection, which every leak check makes, takes as long as
  // the heap is large: a new worker is faster.
  workerIdleMemoryLimit: '120MB',
  preset: 'ts-jest',
  testEnvironment: 'node',
  roots: ['<rootDir>/spec'],
  testMatch: ['**/*.spec.ts'],
  moduleNameMapper: { '^flambeau$': '<rootDir>/lib/index.ts' },
  setupFilesAfterEnv: ['<rootDir>/spec/setup.ts'],
  // Two workers share the machine with libtensorflow's own threads.
  maxWorkers: 2,
};

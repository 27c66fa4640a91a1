module.exports = {
  preset: 'ts-jest',
  testEnvironment: 'node',
  roots: ['<rootDir>/spec'],
  testMatch: ['**/*.spec.ts'],
  moduleNameMapper: { '^flambeau$': '<rootDir>/lib/index.ts' },
  setupFilesAfterEnv: ['<rootDir>/spec/setup.ts'],
  // Two workers share the machine with libtensorflow's own threads.
  maxWorkers: 2,
};

export default {
  runner: 'jest-light-runner',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test', '<rootDir>/tools'],
  testMatch: ['**/*.spec.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json', 'node'],
  setupFilesAfterEnv: ['<rootDir>/tools/jest/hang-limit.ts'],
  transform: {},
};

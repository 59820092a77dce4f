import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

const TIME_AND_CHANCE = 'Time and chance are arguments: take a Clock or a seed (src/runtime).';

const TIMERS = [
  ...['setTimeout', 'setInterval', 'setImmediate'],
  ...['clearTimeout', 'clearInterval', 'clearImmediate'],
];

/** Programs that are run as they are. */
const PROGRAMS = [
  'test/broken/clients/program/**',
  'test/debian/clients/**',
  '.ci/*.mjs',
  'src/cli/start/*.mjs',
  'src/page/build.mjs',
  'test/support/{fleet,programs}/*.mjs',
];
/** Runs in the pages of others, and is given to them as it is. */
const IN_PAGE = 'src/microphone/in-page.js';
/** What examples may use without importing it. */
const EVERYWHERE = ['URL', 'setTimeout', 'clearTimeout', 'performance', 'console'];
const IN_NODE = [
  ...EVERYWHERE,
  ...[
    'URLSearchParams',
    'process',
    'Buffer',
    'AbortController',
    'AbortSignal',
    'fetch',
    'setInterval',
    'clearInterval',
  ],
];
const IN_A_BROWSER = [
  ...EVERYWHERE,
  ...[
    'window',
    'document',
    'location',
    'navigator',
    'fetch',
    'URLSearchParams',
    'FormData',
    'Blob',
    'WebSocket',
  ],
  ...['AudioContext', 'AudioWorkletNode', 'AudioBufferSourceNode', 'GainNode'],
  ...['MediaStream', 'MediaStreamAudioDestinationNode', 'DOMException', 'Event', 'EventTarget'],
  ...['addEventListener', 'atob'],
];

function globalsOf(names) {
  return Object.fromEntries(names.map((name) => [name, 'readonly']));
}

export default tseslint.config(
  { ignores: ['dist', 'build', 'node_modules', 'coverage', 'fixtures', 'docs/api'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: ['tsconfig.json', 'src/page/tsconfig.json'] } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-console': 'error',
    },
  },
  { files: ['eslint.config.js'], ...tseslint.configs.disableTypeChecked },
  { files: ['bench/**'], rules: { 'no-console': 'off' } },
  {
    // What people copy is plain JavaScript, and stands outside the projects that the types are checked in.
    files: ['examples/**', IN_PAGE, ...PROGRAMS],
    ...tseslint.configs.disableTypeChecked,
    rules: {
      ...tseslint.configs.disableTypeChecked.rules,
      'no-console': 'off',
      'no-unused-vars': 'off',
      'no-undef': 'error',
    },
  },
  { files: ['examples/browser/**', IN_PAGE], languageOptions: { globals: globalsOf(IN_A_BROWSER) } },
  { files: ['examples/!(browser)/**', ...PROGRAMS], languageOptions: { globals: globalsOf(IN_NODE) } },
  {
    // Most texts come from strangers: a pattern that takes the square of their length stops a server or a run.
    files: ['src/**'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential' }],
    },
  },
  {
    files: ['src/**'],
    ignores: ['src/runtime/real-time.ts', 'src/runtime/wall-time.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...TIMERS.map((name) => ({ name, message: TIME_AND_CHANCE })),
        ...['Date', 'performance', 'queueMicrotask'].map((name) => ({ name, message: TIME_AND_CHANCE })),
      ],
      'no-restricted-imports': [
        'error',
        ...['node:timers', 'node:timers/promises', 'node:perf_hooks'].map((name) => ({
          name,
          message: TIME_AND_CHANCE,
        })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: TIME_AND_CHANCE },
        { object: 'process', property: 'nextTick', message: TIME_AND_CHANCE },
        { object: 'process', property: 'hrtime', message: TIME_AND_CHANCE },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: '[accessibility="private"]', message: 'Private members are written #name.' },
      ],
    },
  },
);

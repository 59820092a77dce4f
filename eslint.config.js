import tseslint from 'typescript-eslint';

const TIME_AND_CHANCE = 'Time and chance are arguments: take a Clock or a seed (src/runtime).';

export default tseslint.config(
  { ignores: ['dist', 'build', 'node_modules', 'coverage', 'fixtures'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['eslint.config.js'] } } },
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
    files: ['src/**'],
    ignores: ['src/runtime/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval', 'setImmediate', 'Date', 'performance'].map((name) => ({
          name,
          message: TIME_AND_CHANCE,
        })),
      ],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: TIME_AND_CHANCE }],
    },
  },
);

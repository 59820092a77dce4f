import { beforeEach } from 'vitest';
import { DIFFERS } from './differs.ts';

const SEVERAL = process.env['UNDERSTUDY_SEVERAL'];

beforeEach(({ task, skip }) => {
  const differs = DIFFERS.find(
    ({ several = SEVERAL, file, title }) =>
      several === SEVERAL && task.file.name.endsWith(`/${file}`) && task.name.startsWith(title),
  );
  if (differs !== undefined) skip(differs.why);
});

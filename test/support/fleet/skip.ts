import { beforeEach } from 'vitest';
import { DIFFERS } from './differs.ts';

beforeEach(({ task, skip }) => {
  const differs = DIFFERS.find(
    ({ file, title }) => task.file.name.endsWith(`/${file}`) && task.name.startsWith(title),
  );
  if (differs !== undefined) skip(differs.why);
});

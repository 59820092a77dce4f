import { codeOf, systemReason } from '../../../runtime/errors.ts';

/** On Windows npm installs scripts for the shell, which only that shell can start. */
const BY_ITS_SHELL = 'a .cmd or .bat script, such as npx, is started with cmd /c before its name';

/** Why a program could not be started, in words for its user. @param error what Node.js threw or emitted */
export function notStarted(
  command: string,
  error: unknown,
  platform: NodeJS.Platform = process.platform,
): string {
  const onWindows = platform === 'win32';
  const reason = `"${command}" cannot be started: ${systemReason(error)}`;
  switch (codeOf(error)) {
    case 'ENOENT':
      return `there is no program "${command}" (ENOENT)${onWindows ? `; ${BY_ITS_SHELL}` : ''}`;
    case 'EACCES':
      return `"${command}" cannot be executed (EACCES)`;
    case 'EINVAL':
      return onWindows && /\.(?:cmd|bat)$/i.test(command)
        ? `"${command}" cannot be started by itself (EINVAL): ${BY_ITS_SHELL}`
        : reason;
    default:
      return reason;
  }
}

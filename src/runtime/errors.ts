/**
 * A mistake of the person who runs us: a flag, a file, a port. The message says where, what was expected and
 * what to do; the command line prints it without a stack and exits with 2.
 */
export class UserError extends Error {
  /** Always `UserError`. */
  override readonly name = 'UserError';
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node.js system error (`ECONNREFUSED`, …), if it has one. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

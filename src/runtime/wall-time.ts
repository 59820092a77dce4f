/** The time of day, ISO 8601 in UTC: for people who read a record later. Nothing is decided by it. */
export function wallTime(): string {
  return new Date().toISOString();
}

/** The languages in which speech is made up (ISO 639-1). */
export const LANGUAGE_CODES = ['en', 'nl', 'de', 'fr', 'es'] as const;
/** A language in which speech is made up. */
export type LanguageCode = (typeof LANGUAGE_CODES)[number];

/**
 * The supported language for the one that a client asked for: `nl-nl`, `nl_NL` and `NL` are `nl`; an unsupported one is
 * `en`.
 */
export function spokenLanguage(language: string | undefined): LanguageCode {
  const base = (language ?? '').split(/[-_]/, 1)[0]?.toLowerCase();
  return LANGUAGE_CODES.find((code) => code === base) ?? 'en';
}

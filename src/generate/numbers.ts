import { spokenLanguage, type LanguageCode } from './languages/spoken.ts';

/** Two to twelve; in most of these languages the words for one are also articles. */
const WORDS: Readonly<Record<LanguageCode, readonly string[]>> = {
  en: ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'],
  nl: ['twee', 'drie', 'vier', 'vijf', 'zes', 'zeven', 'acht', 'negen', 'tien', 'elf', 'twaalf'],
  de: ['zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun', 'zehn', 'elf', 'zwölf'],
  fr: ['deux', 'trois', 'quatre', 'cinq', 'six', 'sept', 'huit', 'neuf', 'dix', 'onze', 'douze'],
  es: ['dos', 'tres', 'cuatro', 'cinco', 'seis', 'siete', 'ocho', 'nueve', 'diez', 'once', 'doce'],
};

/** A word that is a number from two to twelve in a language, in digits; any other word unchanged. */
export function inDigits(word: string, language: string | undefined): string {
  const at = WORDS[spokenLanguage(language)].indexOf(word.toLowerCase());
  return at < 0 ? word : String(at + 2);
}

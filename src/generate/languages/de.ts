/**
 * Sentences of a German speaker; nouns are capitalised as in written German. faker fills each `{{…}}` from its own
 * German lists. Colours follow `in`, because faker has them as nouns.
 */
export const german: readonly string[] = [
  'hallo {{person.firstName}} hier ist {{person.firstName}} es geht um unseren Termin am {{date.weekday}}',
  'können wir die Besprechung vielleicht auf {{date.weekday}} verschieben',
  'der Zug nach {{location.city}} fährt heute etwas später als sonst',
  'ich arbeite am {{date.weekday}} von zu Hause bitte ruf mich mobil an',
  'im {{date.month}} machen wir zwei Wochen Urlaub in der Nähe von {{location.city}}',
  'gibt es diese Jacke auch in {{color.human}} und eine Nummer größer',
  '{{person.firstName}} meint der Bericht ist bis Ende {{date.month}} fertig',
  'der Patient wurde von Doktor {{person.lastName}} wegen anhaltender Rückenschmerzen überwiesen',
  'der Blutdruck ist normal und die Wunde heilt gut',
  'bitte einen Kontrolltermin bei Doktor {{person.lastName}} im {{date.month}} vereinbaren',
  'ich habe am {{date.weekday}} meine Schlüssel wieder im Büro liegen lassen',
  'hat jemand {{person.firstName}} gesagt dass der Wasserhahn in der Küche tropft',
  'wir könnten den Flur in {{color.human}} streichen bevor deine Eltern kommen',
  'unser Bus aus {{location.city}} hatte wieder Verspätung',
  'das Paket kommt am {{date.weekday}} zwischen neun und zwölf Uhr',
  'kannst du auf dem Heimweg noch Brot und Milch mitbringen',
  'meine Schwester zieht wegen der neuen Stelle nach {{location.city}}',
  'der {{vehicle.manufacturer}} braucht neue Bremsen bevor wir in den Urlaub fahren',
  'schön dass alle da sind dann können wir jetzt anfangen',
  'ich möchte einen Tisch für vier Personen auf den Namen {{person.lastName}} reservieren',
  '{{person.firstName}} und {{person.firstName}} heiraten im {{date.month}} in {{location.city}}',
  'gieß bitte bis {{date.weekday}} die Pflanzen',
  'die Schule hat angerufen weil {{person.firstName}} das Sportzeug vergessen hat',
  'wann schließt die Apotheke in {{location.city}} am {{date.weekday}}',
];

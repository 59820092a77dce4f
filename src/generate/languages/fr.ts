/**
 * Sentences of a French speaker. faker fills each `{{…}}` from its own French lists; with `context` it gives weekdays
 * and months in lower case. No name or place follows `de`, `que` or `à` where its first letter would change the word
 * before it (d'Amiens, qu'Alix, au Havre).
 */
export const french: readonly string[] = [
  'bonjour {{person.firstName}} c\'est {{person.firstName}} je t\'appelle pour notre rendez-vous de {{date.weekday({"context":true})}}',
  'on pourrait peut-être déplacer la réunion à {{date.weekday({"context":true})}} matin',
  "le train pour {{location.city}} part un peu plus tard que d'habitude",
  'je travaille à la maison {{date.weekday({"context":true})}} alors appelle plutôt mon portable',
  'en {{date.month({"context":true})}} nous partons deux semaines vers {{location.city}}',
  'avez-vous encore cette veste dans la couleur {{color.human}}',
  '{{person.firstName}} dit que le rapport sera prêt pour fin {{date.month({"context":true})}}',
  'patient adressé par le docteur {{person.lastName}} pour un mal de dos persistant',
  'la tension est normale et la plaie cicatrise bien',
  'merci de prévoir un contrôle chez le docteur {{person.lastName}} en {{date.month({"context":true})}}',
  'j\'ai encore oublié mes clés au bureau {{date.weekday({"context":true})}} soir',
  "quelqu'un peut dire à {{person.firstName}} que le robinet de la cuisine fuit",
  'on peindra le couloir couleur {{color.human}} avant la visite de tes parents',
  'notre vol pour {{location.city}} avait encore du retard',
  'le colis doit arriver {{date.weekday({"context":true})}} entre neuf heures et midi',
  'tu peux prendre du pain et du lait en rentrant',
  'ma sœur quitte {{location.city}} pour son nouveau travail',
  'il faut changer les freins de la voiture avant de partir pour {{location.city}}',
  "merci à tous d'être venus je pense qu'on peut commencer",
  'je voudrais réserver une table pour quatre au nom de madame {{person.lastName}}',
  '{{person.firstName}} et {{person.firstName}} se marient en {{date.month({"context":true})}} et nous sommes tous invités',
  'tu peux arroser les plantes jusqu\'à {{date.weekday({"context":true})}}',
  "l'école a appelé parce que {{person.firstName}} a perdu son sac de sport",
  'quand ferme la pharmacie le {{date.weekday({"context":true})}}',
];

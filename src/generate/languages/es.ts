/**
 * Sentences of a Spanish speaker. faker fills each `{{…}}` from its own Spanish lists. Its names are long (a first name
 * of four words, two surnames), so the sentences around them are short.
 */
export const spanish: readonly string[] = [
  'hola {{person.firstName}} soy {{person.firstName}} te llamo por la cita del {{date.weekday}}',
  'podríamos cambiar la reunión al {{date.weekday}} por la mañana',
  'el tren a {{location.city}} sale hoy un poco más tarde',
  'el {{date.weekday}} trabajo desde casa así que llámame al móvil',
  'en {{date.month}} pasamos dos semanas cerca de {{location.city}}',
  'tienen esta chaqueta en color {{color.human}} y una talla más grande',
  '{{person.firstName}} dice que el informe estará listo antes de {{date.month}}',
  'el doctor {{person.lastName}} nos envía al paciente por dolor de espalda',
  'la tensión es normal y la herida cicatriza bien',
  'hay que programar una revisión con la doctora {{person.lastName}} en {{date.month}}',
  'el {{date.weekday}} volví a dejarme las llaves en la oficina',
  'alguien tiene que decirle a {{person.firstName}} que gotea el grifo',
  'podemos pintar el pasillo de color {{color.human}} antes de que vengan tus padres',
  'nuestro autobús de {{location.city}} llegó muy tarde',
  'el paquete llega el {{date.weekday}} entre las nueve y las doce',
  'puedes comprar pan y leche cuando vuelvas a casa',
  'mi hermana se muda a {{location.city}} por su nuevo trabajo',
  'el coche necesita frenos nuevos antes del viaje a {{location.city}}',
  'gracias a todos por venir creo que ya podemos empezar',
  'quería reservar una mesa para cuatro a nombre de {{person.firstName}}',
  'la boda de {{person.firstName}} es en {{date.month}} en {{location.city}}',
  'riega las plantas hasta el {{date.weekday}}',
  'llamaron del colegio porque {{person.firstName}} olvidó la ropa de deporte',
  'a qué hora cierra la farmacia de {{location.city}} el {{date.weekday}}',
];

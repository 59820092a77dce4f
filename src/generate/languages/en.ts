/**
 * Sentences of an English speaker. faker fills each `{{…}}` from its own English lists. There is no capital at the
 * beginning and no punctuation (S0:59, S4:90), but `I'm` and `Monday` keep theirs (S0:81).
 */
export const english: readonly string[] = [
  'hi {{person.firstName}} this is {{person.firstName}} calling about our meeting on {{date.weekday}}',
  'could we move the appointment to {{date.weekday}} morning instead',
  'the train to {{location.city}} leaves a bit later than usual today',
  "I'm working from home on {{date.weekday}} so please call my mobile",
  'we are spending two weeks near {{location.city}} in {{date.month}}',
  'do you still have this jacket in {{color.human}} and in a larger size',
  '{{person.firstName}} said the report will be ready before the end of {{date.month}}',
  'the patient was referred by doctor {{person.lastName}} because of persistent back pain',
  'blood pressure is normal and the wound is healing well',
  'please schedule a follow up with doctor {{person.lastName}} in {{date.month}}',
  'I left my keys at the office again last {{date.weekday}}',
  'has anyone told {{person.firstName}} that the kitchen tap is leaking',
  "let's paint the hallway {{color.human}} before your parents come to visit",
  'our flight from {{location.city}} was delayed again',
  'the delivery should arrive on {{date.weekday}} between nine and noon',
  'can you pick up some {{food.spice}} on your way home',
  'my sister is moving to {{location.city}} for her new job',
  'the {{vehicle.manufacturer}} needs new brakes before we drive to the coast',
  'thanks for coming everyone I think we can start now',
  'I would like to book a table for four under the name {{person.lastName}}',
  '{{person.firstName}} and {{person.firstName}} are getting married next {{date.month}}',
  'please water the plants until {{date.weekday}}',
  'the school called because {{person.firstName}} forgot to bring the sports bag',
  'what time does the pharmacy in {{location.city}} close on {{date.weekday}}',
];

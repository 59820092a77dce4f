import { topicsOf } from '../../rows.ts';

const topic = topicsOf('reson8');

/** What reports say about a Reson8 peer without judging it. */
export const RESON8_OBSERVATIONS = [
  topic('R8-I01', 'S4:25', 'The client names a custom model'),
  topic('R8-I02', 'S4:22-23', 'The client sends `sample_rate` although the encoding is `auto`'),
  topic('R8-I03', 'S4:27-28', 'The client asks for confidence, but not for the words that carry it'),
  topic('R8-I04', '', 'The code of a Close frame'),
  topic('R8-I05', 'S4:69', 'What a flush with nothing buffered brings'),
  topic('R8-I06', 'S4:129-134', 'What the body of a refusal looks like'),
  topic('R8-I07', 'S4:106-107,114-115', 'Times have fractions of milliseconds'),
  topic('R8-I08', 'S4:103-116', 'Messages have fields that are not documented, such as `language`'),
];

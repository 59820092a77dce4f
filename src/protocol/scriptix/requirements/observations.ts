import { topicsOf } from '../../rows.ts';

const topic = topicsOf('scriptix', 'scriptix-stream');
const microphone = topicsOf('scriptix');
const stream = topicsOf('scriptix-stream');
const rest = topicsOf('scriptix-rest');

/** What reports say about a Scriptix peer without judging it. */
export const SCRIPTIX_OBSERVATIONS = [
  microphone('SX-I01', 'S2:35-37', 'The client adds options of its own to the start command'),
  microphone('SX-I02', 'S1:16,23; S2:98', 'The state `listening` comes in microphone mode, too'),
  microphone('SX-I03', 'S2:98,124', 'The server accepts audio that comes before the state `listening`'),
  topic('SX-I04', 'S0:40-50', 'Partials have `words`'),
  topic('SX-I05', 'S0:50,79-82', 'The `stability` of a segment falls at times'),
  topic('SX-I06', 'S0:58-75', 'Finals have a `stability`'),
  topic('SX-I07', 'S2:102-106', 'A Close frame has a code other than 1000'),
  topic('SX-I08', 'S1:16; S2:85-100', 'How long after an error message the connection ends'),
  stream('SX-I09', 'S2:128', 'What ends the session of a stream'),
  stream('SX-I10', 'S2:135', 'What becomes of an Icecast or Shoutcast stream'),
  stream('SX-I11', 'S2:116', 'What is said about other origins (CORS)'),
  topic(
    'SX-I12',
    'S0:38,56',
    'How long it takes from audio to the first partial, and from there to the final',
  ),
  rest('SX-I13', 'S3:27', 'The client calls initialize without a content-type'),
];

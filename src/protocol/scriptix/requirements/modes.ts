import { rowsOf } from '../../rows.ts';

const microphone = rowsOf('scriptix');
const stream = rowsOf('scriptix-stream');

/** What a client sends in microphone mode, and when results may begin. */
export const MICROPHONE = [
  microphone.must('SX-MIC-001', 'client', 'S1:20; S2:31-33,124', {
    statement: 'The client sends the start command once the connection is open',
    witness: 'an open microphone connection',
  }),
  microphone.must('SX-MIC-002', 'client', 'S2:35-37', {
    statement: 'The start command is a text message with a JSON object whose `action` is `start`',
    witness: 'a start command',
    ambiguity: 'A10',
  }),
  microphone.must('SX-MIC-003', 'client', 'S2:124', {
    statement: 'The client sends no audio before the start command',
    witness: 'audio of the client',
  }),
  microphone.should('SX-MIC-004', 'client', 'S2:33', {
    statement: 'The client sends at most one start command per connection',
    witness: 'a start command',
  }),
  microphone.must('SX-MIC-005', 'client', 'S1:21; S2:41', {
    statement: 'The client sends audio as binary messages',
    witness: 'audio of the client',
  }),
  microphone.should('SX-MIC-006', 'client', 'S1:19-21', {
    statement: 'The client sends no text messages other than documented commands',
    witness: 'a text message of the client',
    ambiguity: 'A10',
  }),
  microphone.should('SX-MIC-007', 'server', 'S0:38', {
    statement: 'The server sends no result before it has received audio',
    witness: 'a result in microphone mode',
  }),
  microphone.should('SX-MIC-008', 'server', 'S2:41', {
    statement: 'It makes no difference how the client divides the same audio into messages',
    witness: 'the same audio sent in messages of different sizes',
  }),
];

/** Stream mode: the server fetches the audio from a URL. */
export const STREAM = [
  stream.must('SX-STR-001', 'client', 'S2:15,23,113', {
    statement: 'The client names the stream in a non-empty parameter `url`',
    witness: 'a connection attempt in stream mode',
    unseen: 'not-applicable',
  }),
  stream.must('SX-STR-002', 'server', 'S2:23,113', {
    statement: 'The server answers a connection without `url` with an error',
    witness: 'a stream connection without `url`',
  }),
  stream.should('SX-STR-003', 'client', 'S2:15', {
    statement: 'The client sends the token in the path only, not in the query too',
    witness: 'a connection attempt in stream mode',
    unseen: 'not-applicable',
  }),
  stream.should('SX-STR-004', 'client', 'S2:15,133', {
    statement: 'The client percent-encodes `url`, so that its own query stays part of it',
    witness: 'a stream whose URL has a query',
    unseen: 'not-applicable',
  }),
  stream.should('SX-STR-005', 'client', 'S1:30; S2:128', {
    statement: 'The client sends no audio in stream mode',
    witness: 'an open stream connection',
    unseen: 'not-applicable',
  }),
  stream.should('SX-STR-006', 'client', 'S1:20; S2:31', {
    statement: 'The client sends no start command in stream mode',
    witness: 'an open stream connection',
    unseen: 'not-applicable',
  }),
  stream.must('SX-STR-007', 'server', 'S1:30; S2:132', {
    statement: 'The server plays the URL of an MP3 file',
    witness: 'a stream from an MP3 file',
  }),
  stream.must('SX-STR-008', 'server', 'S1:30; S2:132', {
    statement: 'The server plays the URL of an M3U8 playlist',
    witness: 'a stream from a playlist',
  }),
  stream.must('SX-STR-009', 'server', 'S1:30; S2:133', {
    statement: 'The server plays the URL of a file in Azure Blob storage',
    witness: 'a stream from a blob',
  }),
  stream.must('SX-STR-010', 'server', 'S2:115', {
    statement: 'A URL that is invalid, expired or unreachable is answered with an error message',
    witness: 'a stream from a URL with nothing behind it',
  }),
  stream.must('SX-STR-011', 'server', 'S2:117', {
    statement: 'A source in an unsupported format is answered with an error message',
    witness: 'a stream from something that is not audio',
  }),
  stream.must('SX-STR-012', 'server', 'S2:118', {
    statement: 'A source that requires authentication is answered with an error message',
    witness: 'a stream from a source that answers 401 or 403',
  }),
  stream.should('SX-STR-013', 'server', 'S2:128', {
    statement: 'The server starts by itself, without a message from the client',
    witness: 'an open stream connection',
  }),
  stream.should('SX-STR-014', 'server', 'S1:16; S2:98', {
    statement: 'The state `listening` comes before the first result of a stream',
    witness: 'a result of a stream',
    ambiguity: 'A2',
  }),
];

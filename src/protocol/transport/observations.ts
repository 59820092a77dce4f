import { topicsOf } from '../rows.ts';

const topic = topicsOf('scriptix', 'scriptix-stream', 'reson8', 'reson8-turns');

/** What reports say about the WebSocket itself without judging it. */
export const TRANSPORT_OBSERVATIONS = [
  topic(
    'TR-I01',
    'RFC 6455 §4.1; RFC 6455 §5.2; RFC 6455 §9.1',
    'The server agrees on an extension that was not offered, or does not use one as agreed',
  ),
];

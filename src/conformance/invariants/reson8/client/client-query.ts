import { reson8Edition, type EditionNames } from '../../../../protocol/editions.ts';
import type { RequirementId } from '../../../../protocol/requirements.ts';
import { textOfBinary } from '../../../../wire/binary-fact.ts';
import { broken, doubtful, held, heldIf, type Invariant, type Occasion } from '../../../judge/invariant.ts';
import { shown } from '../../../text/shown.ts';
import { parametersOf, type Parameter } from '../opening/parameters.ts';
import { perRealtime, type Realtime } from '../realtime.ts';

/** Newer pages of the vendor have more encodings. */
const NEWER_ENCODINGS_DEVIATION = 'reson8-newer-encodings';

/** What a client may write into the query (S4:22-29), and the frames of audio that go with it. */
export const clientQuery: readonly Invariant[] = [
  perParameter('R8-QRY-001', ['encoding'], (parameter, index, editions) => {
    const expected = 'encoding: auto or pcm_s16le';
    if (parameter.is === 'newer' && reson8Edition(editions).hasNewerParameters) return held(index);
    if (parameter.is !== 'newer') return rightOr(parameter, index, expected, broken);
    const occasion = doubtful([index], expected, actual(parameter));
    return { ...occasion, deviation: NEWER_ENCODINGS_DEVIATION };
  }),
  perParameter('R8-QRY-002', ['sample_rate'], (parameter, index) => {
    const judge = parameter.is === 'odd' ? doubtful : broken;
    return rightOr(parameter, index, 'sample_rate: a number above 0', judge);
  }),
  perParameter('R8-QRY-003', ['channels'], (parameter, index) => {
    const judge = parameter.is === 'odd' ? doubtful : broken;
    return rightOr(parameter, index, 'channels: a whole number from 1', judge);
  }),
  perParameter(
    'R8-QRY-004',
    ['include_timestamps', 'include_words', 'include_confidence', 'include_interim'],
    (parameter, index) => rightOr(parameter, index, `${parameter.name}: true or false`, broken),
  ),
  perRealtime('R8-QRY-006', wholeSamples),
];

function perParameter(
  id: RequirementId,
  names: readonly Parameter['name'][],
  judge: (parameter: Parameter, index: number, editions: EditionNames) => Occasion,
): Invariant {
  return perRealtime(id, function* ({ request, query, editions }) {
    if (request === undefined) return;
    for (const parameter of parametersOf(query)) {
      if (names.includes(parameter.name)) yield judge(parameter, request.index, editions);
    }
  });
}

function rightOr(parameter: Parameter, index: number, expected: string, otherwise: typeof broken): Occasion {
  return parameter.is === 'right' ? held(index) : otherwise([index], expected, actual(parameter));
}

function actual({ name, value }: Parameter): string {
  return `${name}: ${shown(value)}`;
}

const BYTES_PER_SAMPLE = 2;

/**
 * Frames of raw audio hold whole samples. An observer may have joined several frames into one event. Incomplete samples
 * then show only in the sum, and two such frames may even cancel each other out. A sum is therefore trusted only if
 * frames of equal size explain it.
 */
function* wholeSamples({ request, query, moments }: Realtime): Iterable<Occasion> {
  if (request === undefined || query.get('encoding') !== 'pcm_s16le') return;
  const parameters = parametersOf(query);
  if (parameters.some(({ name, is }) => name === 'channels' && is !== 'right')) return;
  const sampleBytes = BYTES_PER_SAMPLE * Number(query.get('channels') ?? 1);
  let isDecided = false;
  let undecided: number | undefined;
  for (const { index, event } of moments) {
    if (event.kind !== 'binary' || event.from !== 'client' || textOfBinary(event) !== undefined) continue;
    const { byteCount, frameCount = 1 } = event;
    const isWhole = byteCount % sampleBytes === 0;
    if (isWhole && (byteCount / frameCount) % sampleBytes !== 0) {
      undecided ??= index;
      continue;
    }
    isDecided = true;
    yield heldIf(
      isWhole,
      [index],
      `frames of whole samples of ${sampleBytes} bytes`,
      () => `${byteCount} bytes in ${frameCount === 1 ? 'one frame' : `${frameCount} frames`}`,
    );
  }
  if (undecided !== undefined && !isDecided) {
    const told = 'whole samples in all, and frames of several sizes';
    yield { outcome: 'unclear', events: [undecided], expected: 'frames of whole samples', actual: told };
  }
}

import fc from 'fast-check';
import type { RequirementResult } from '../../../src/conformance/judge/result.ts';
import type { TraceEvent } from '../../../src/wire/trace.ts';
import { anyCharacter } from '../../support/any-character.ts';
import { EVERY_VERDICT, type Sample } from './sample.ts';

/** Texts that have broken a format somewhere. */
export const HOSTILE: readonly string[] = [
  '<script>window.pwned = 1</script>',
  '</script><script>window.pwned = 1</script>',
  '"><img src=x onerror="window.pwned=1">',
  "' onfocus='window.pwned=1' autofocus='",
  '<svg onload=window.pwned=1>',
  '</style><style>*{display:none}</style>',
  '</pre></details></summary></table>',
  '<!-- --> <![CDATA[ ]]> ]]>',
  '&lt;b&gt; &amp; &#60; &unknown;',
  '\u0000\u0007\u001b[2J\u001b]0;title\u0007',
  '\u009b31mred',
  'one\ntwo\r\nthree\rfour\u2028five\u2029six\u0085seven',
  '\nok 99 - forged\n1..1\nBail out!\n',
  '  ...\n  ---\nverdict: pass',
  '# TODO forged \\# SKIP \\\\# SKIP',
  '\n::error title=forged::forged',
  '   ::add-mask::x',
  '::stop-commands::x',
  '##[add-mask]x ##[error]y',
  '%0A::error::x %25',
  '| a | b |\n| - | - |',
  '`code` ``` ```\n```',
  '[link](javascript:alert(1)) ![image](http://example.invalid/x) http://example.invalid @someone #1',
  '**bold** __bold__ ~~gone~~ $x$ :tada:',
  '\ud800',
  'half \udc00 of one',
  '\ufffe\uffff\u{1fffe}',
  '\u202eesrever \u2066\ufeff\u200b',
  '- key: [unclosed, "quote',
  '{"is_final":true,"text":"<script>window.pwned=1</script>","offset_ms":"\u001b"}',
  'x'.repeat(20_000),
  '😀 漢字 עברית é',
  '',
  ' ',
];

/** Any of these texts, or any other text, one after the other. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: anyCharacter, maxLength: 20 })), {
    maxLength: 3,
  })
  .map((parts) => parts.join(''));

/** A record with a hostile text in every text field without a fixed set of values. */
export const hostileSample: fc.Arbitrary<Sample> = fc
  .array(hostileText, { minLength: 40, maxLength: 40 })
  .map((texts) => hostile((place) => texts[place % texts.length] ?? ''));

/** The sample with every verdict; `textAt` gives the texts one after the other. */
export function hostile(textAt: (place: number) => string): Sample {
  let place = 0;
  const text = () => textAt(place++);
  const { report, plays } = EVERY_VERDICT;
  // Names must match each other, or nothing would be found.
  const names = new Map(plays.map(({ name }, i) => [name, `${i}${text()}`]));
  const named = (play: string) => names.get(play) ?? text();
  return {
    plays: plays.map(({ name, events }) => ({
      name: named(name),
      events: events.map((event) => hostileEvent(event, text)),
    })),
    report: {
      ...report,
      tool: { ...report.tool, version: text() },
      subject: { ...report.subject, dialect: text(), target: text() },
      profile: text(),
      startedAt: text(),
      requirements: report.requirements.map((result, i) => ({
        ...result,
        id: `${i}${text()}`,
        statement: text(),
        source: [{ document: text(), section: text() }],
        ...hostileFacts(result, text),
        ...(result.play === undefined ? {} : { play: named(result.play) }),
      })),
      observations: report.observations.map(() => ({ id: text(), text: text() })),
      sessions: report.sessions.map((session) => ({
        ...session,
        name: text(),
        play: named(session.play),
        session: text(),
        trace: text(),
      })),
      notes: [text(), text()],
    },
  };
}

const FACTS = [
  'reading',
  'expected',
  'actual',
  'reason',
  'trace',
  'scenario',
  'determinism',
  'repro',
  'diagram',
] as const satisfies readonly (keyof RequirementResult)[];

function hostileFacts({ verdict }: RequirementResult, text: () => string): Partial<RequirementResult> {
  // Only a pass has a reading alone.
  const facts = verdict === 'pass' ? FACTS.slice(0, 1) : FACTS;
  return Object.fromEntries(facts.map((name) => [name, text()]));
}

function hostileEvent(event: TraceEvent, text: () => string): TraceEvent {
  switch (event.kind) {
    case 'request':
      return { ...event, target: event.target + text(), headers: { [text()]: text() }, body: text() };
    case 'response':
      return { ...event, body: text() };
    case 'text':
      return { ...event, text: event.from === 'server' ? JSON.stringify({ text: text() }) : text() };
    case 'close':
      return { ...event, reason: text() };
    case 'context':
      // A trace file may have any text there.
      return {
        ...event,
        about: JSON.parse(JSON.stringify(hostileAbout(event.about, text))) as typeof event.about,
      };
    default:
      return event;
  }
}

function hostileAbout({ audio }: { readonly audio?: object }, text: () => string): object {
  return {
    scenario: text(),
    role: text(),
    ...(audio === undefined ? {} : { audio: { ...audio, content: text() } }),
  };
}

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DOCUMENTS } from '../../../../src/protocol/documents.ts';
import { htmlReport } from '../../../../src/conformance/report/formats/html/html.ts';
import {
  MOST_EVENTS,
  MOST_ROWS,
  MOST_SESSIONS,
} from '../../../../src/conformance/report/formats/html/sessions.ts';
import type { RecordedPlay } from '../../../../src/conformance/conversation/recorded-play.ts';
import { VERDICTS } from '../../../../src/conformance/report/verdicts.ts';
import { events, heard, MICROPHONE } from '../../play.ts';
import { hostileSample } from '../hostile.ts';
import { readHtml, type Tag } from './html-read.ts';
import { ALL_GREEN, EVERY_VERDICT, RESULTS, type Sample } from '../sample.ts';

const write = ({ report, plays }: Sample) => htmlReport(report, plays);
const page = write(EVERY_VERDICT);
const { tags, text } = readHtml(page);
const named = (name: string, all: readonly Tag[] = tags) => all.filter((tag) => tag.name === name);
const hasClass = (name: string) => (tag: Tag) => tag.attributes['class']?.split(' ').includes(name) === true;
const between = (source: string, tag: string) =>
  source.slice(source.indexOf(`<${tag}>`) + tag.length + 2, source.indexOf(`</${tag}>`));
const plain = (source: string) =>
  source
    .replaceAll('&quot;', '"')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

describe('the HTML report', () => {
  it('allows only its own style and script to load or run', () => {
    const [policy] = named('meta').filter(
      (tag) => tag.attributes['http-equiv'] === 'Content-Security-Policy',
    );
    const hash = (tag: string) => createHash('sha256').update(between(page, tag)).digest('base64');
    expect(policy?.attributes['content']).toBe(
      `default-src 'none'; style-src 'sha256-${hash('style')}'; script-src 'sha256-${hash('script')}'; base-uri 'none'; form-action 'none'`,
    );
    expect(named('style')).toHaveLength(1);
    expect(named('script')).toEqual([{ name: 'script', attributes: {} }]);

    for (const { attributes } of tags) {
      expect(Object.keys(attributes).filter((name) => /^(on|style$|src|action|srcdoc)/.test(name))).toEqual(
        [],
      );
      if (attributes['href'] !== undefined) expect(attributes['href']).toMatch(/^(#[\w-]+$|https:\/\/)/);
    }
    // Only links to the documents lead to other sites, and those are ours whatever a report says.
    const leadingAway = tags.flatMap(({ attributes: { href = '#' } }) =>
      href.startsWith('#') ? [] : [href],
    );
    const known = [...DOCUMENTS.values()].map(({ url }) => url);
    for (const href of leadingAway) expect(known.some((url) => href.split('#')[0] === url)).toBe(true);

    expect(leadingAway.length).toBeGreaterThan(0);
    expect(page.replace(/ href="https:[^"]*"/g, '')).not.toMatch(/https?:|@import|url\((?!#)/);
  });

  it('has the failures first, and links to each verdict from the banner and the numbers', () => {
    const verdicts = tags.filter(hasClass('requirement')).map(({ attributes }) => attributes['data-verdict']);
    expect([...new Set(verdicts)]).toEqual(VERDICTS.map(({ verdict }) => verdict));

    const links = named('a').map(({ attributes }) => attributes['href']);
    for (const { verdict } of VERDICTS) expect(links).toContain(`#verdict-${verdict}`);
    expect(links.filter((href) => href === '#verdict-fail')).toHaveLength(2);
  });

  it('has each requirement once, with its verdict, level and side to filter by', () => {
    const rows = tags.filter(hasClass('requirement'));
    expect(
      rows.map(({ attributes }) => [
        attributes['data-verdict'],
        attributes['data-level'],
        attributes['data-side'],
      ]),
    ).toHaveLength(EVERY_VERDICT.report.requirements.length);

    for (const { verdict } of VERDICTS) {
      const { level, side, id, statement } = RESULTS[verdict];
      expect(
        rows.some(
          ({ attributes }) =>
            attributes['data-verdict'] === verdict &&
            attributes['data-level'] === level &&
            attributes['data-side'] === side,
        ),
      ).toBe(true);
      expect(plain(text)).toContain(id);
      expect(plain(text)).toContain(statement);
    }
  });

  it('has failures and undecided requirements unfolded, so they can be read without a click', () => {
    const open = tags.filter((tag) => hasClass('requirement')(tag) && tag.attributes['open'] !== undefined);
    expect(open.map(({ attributes }) => attributes['data-verdict'])).toEqual([
      'fail',
      'fail',
      'inconclusive',
    ]);
  });

  it('shows everything that is known about a result', () => {
    const seen = plain(text);
    for (const result of Object.values(RESULTS)) {
      const { reading, expected, actual, reason, trace, scenario, determinism, repro } = result;
      for (const part of [reading, expected, actual, reason, trace, scenario, determinism, repro]) {
        if (part !== undefined && part !== null) expect(seen).toContain(part);
      }
    }

    expect(seen).toMatch(/Scriptix, Start a connection, line 72 \(S0:72\)/);
    expect(seen).toContain('another text for the');
  });

  it('has the numbers of the summary, the facts of the run, observations, notes, sessions and tolerances', () => {
    const numbers = [...page.matchAll(/<strong>(\d+)<\/strong>\s*<span class="badge ([\w-]+)"/g)];
    expect(numbers.map(([, number, verdict]) => `${verdict ?? ''} ${number ?? ''}`)).toEqual([
      'fail 2',
      'warn 1',
      'inconclusive 1',
      'excused 1',
      'not-exercised 1',
      'not-applicable 1',
      'pass 2',
    ]);

    for (const part of ['2025-01-31T12:00:00.000Z', '83.5 s', 'full', 'listening came 800 ms after start']) {
      expect(text).toContain(part);
    }
    for (const part of [
      ...EVERY_VERDICT.report.notes,
      'segmentWords',
      'happy-path/s2',
      'asr-understudy 0.1.0',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('links each event that is evidence with its finding, both ways, and every link has a target', () => {
    const ids = tags.flatMap(({ attributes }) => attributes['id'] ?? []);
    expect(new Set(ids).size).toBe(ids.length);

    const links = named('a').flatMap(({ attributes: { href = '' } }) =>
      href.startsWith('#') ? [href.slice(1)] : [],
    );
    expect(links.filter((link) => !ids.includes(link))).toEqual([]);
    // The two finals that contradict each other.
    expect(links).toEqual(expect.arrayContaining(['p0-e71', 'p0-e76', 'r1']));
    expect(tags.filter(hasClass('proves'))).toHaveLength(5);
  });

  it('draws every session, with those that have evidence first and unfolded', () => {
    const sessions = tags.filter(hasClass('session'));
    expect(sessions.map(({ attributes }) => attributes['open'] !== undefined)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(tags.filter(hasClass('timeline'))).toHaveLength(3);
    expect(plain(text)).toContain(
      'the client sent 2.7 s of speech, 1.5 s of silence; 4 partials, 3 finals came.',
    );

    const pieces = (content: string) =>
      tags.filter((tag) => tag.name === 'rect' && hasClass(content)(tag)).length;
    // The legends are counted, too: speech in two sessions, silence and noise in one each.
    expect([pieces('speech'), pieces('silence'), pieces('noise')]).toEqual([3 + 2, 2 + 1, 1 + 1]);

    const labels = [...page.matchAll(/<span class="label"\s*>([^<]*)</g)].map(([, label = '']) =>
      plain(label),
    );
    expect(labels).toContain('audio 12 x 100 ms = 1.2 s of silence');
    expect(labels).toContain('partial at 2300 ms "please bring"');
  });

  it('leaves events out of long sessions, and says so', () => {
    const long = Array.from({ length: 3 * MOST_ROWS }, (_, i) => heard({ state: `${i}` }));
    const play: RecordedPlay = { name: 'long', events: events([...MICROPHONE, ...long]) };
    const { report } = ALL_GREEN;
    const result = { ...RESULTS.fail, play: 'long', evidence: [300] };
    const found = readHtml(htmlReport({ ...report, requirements: [result] }, [play]));
    const rows = found.tags.filter((tag) => tag.name === 'li' && hasClass('server')(tag));

    expect(rows.length).toBeLessThan(MOST_ROWS + 20);
    expect(found.text).toMatch(/This session is long: \d+ of 604 lines are left out/);
    expect(found.tags.some(({ attributes }) => attributes['id'] === 'p0-e300')).toBe(true);
  });

  it('draws the beginning and the end of a flood, and its evidence', () => {
    const flood = Array.from({ length: 2 * MOST_EVENTS }, (_, i) => heard({ state: `${i}` }));
    const play: RecordedPlay = { name: 'flood', events: events([...MICROPHONE, ...flood]) };
    const result = { ...RESULTS.fail, play: 'flood', evidence: [MOST_EVENTS] };
    const found = readHtml(htmlReport({ ...ALL_GREEN.report, requirements: [result] }, [play]));
    const all = play.events.length;

    expect(found.text).toContain(
      `${all - MOST_EVENTS - 1} of ${all} events in the middle of this session are not drawn`,
    );
    expect(found.tags.some(({ attributes }) => attributes['id'] === `p0-e${MOST_EVENTS}`)).toBe(true);
  });

  it('draws a limited number of sessions, and says so', () => {
    const one = [...MICROPHONE];
    const play = { name: 'many', events: events(...Array.from({ length: MOST_SESSIONS + 5 }, () => one)) };
    const found = readHtml(htmlReport(ALL_GREEN.report, [play]));

    expect(found.tags.filter(hasClass('session'))).toHaveLength(MOST_SESSIONS);
    expect(found.text).toContain(`Only ${MOST_SESSIONS} of ${MOST_SESSIONS + 5} are drawn`);
  });

  it('can be made without plays, and with an event that does not exist', () => {
    const { report } = EVERY_VERDICT;
    expect(readHtml(htmlReport(report, [])).tags.filter(hasClass('session'))).toEqual([]);

    const beyond = { ...RESULTS.fail, evidence: [-1, 99_999, 1.5] };
    readHtml(htmlReport({ ...report, requirements: [beyond] }, EVERY_VERDICT.plays));
  });

  it('has the same tags and attributes whatever is in the record', () => {
    const known = new Set(tags.map(({ name }) => name));
    const attributes = new Set(tags.flatMap((tag) => Object.keys(tag.attributes)));
    fc.assert(
      fc.property(hostileSample, (sample) => {
        const html = write(sample);
        const found = readHtml(html);
        for (const tag of found.tags) {
          expect(known).toContain(tag.name);
          for (const name of Object.keys(tag.attributes)) expect(attributes).toContain(name);
        }
        expect(found.tags.filter(hasClass('requirement'))).toHaveLength(sample.report.requirements.length);
        expect(html).not.toMatch(/[^\P{Cc}\n]|\p{Cs}/u);
      }),
      { numRuns: 30 },
    );
  });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { junitReport } from '../../src/conformance/report/formats/junit.ts';
import { HOSTILE, hostile } from '../conformance/report/hostile.ts';
import { junitFaults } from '../conformance/report/formats/junit-schema.ts';
import { ALL_GREEN, EVERY_VERDICT } from '../conformance/report/sample.ts';
import { folder } from '../support/programs/folder.ts';
import { Program } from '../support/programs/program.ts';
import { parseXml, type XmlElement } from '../support/formats/xml.ts';

const SCRIPT = join(import.meta.dirname, 'clients/xml_tree.py');

/** The report as Python's parser (expat) reads it. */
async function python(source: string): Promise<XmlElement> {
  await using files = await folder();
  await writeFile(files.path('report.xml'), source);
  await using program = new Program('python3', [SCRIPT, files.path('report.xml')]);
  expect(await program.exit).toEqual({ code: 0, signal: null });
  return JSON.parse(program.stdout) as XmlElement;
}

it.each([
  ALL_GREEN,
  EVERY_VERDICT,
  ...[0, 11].map((shift) => hostile((place) => HOSTILE[(place * 5 + shift) % HOSTILE.length] ?? '')),
])('another XML parser reads the same from a report, whatever is in it', async ({ report, plays }) => {
  const source = junitReport(report, plays);
  const tree = await python(source);

  expect(tree).toEqual(parseXml(source));
  expect(junitFaults(tree)).toEqual([]);
});

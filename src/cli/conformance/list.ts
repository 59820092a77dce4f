import type { ArgumentsCamelCase, Argv } from 'yargs';
import { type Dialect, DIALECT_NAMES, VENDORS, dialectsOf } from '../../protocol/dialects.ts';
import { rangeText } from '../../protocol/edition-range.ts';
import type { Check, Requirement } from '../../protocol/requirement.ts';
import { requirementsFor } from '../../protocol/requirements.ts';
import { placesText } from '../../protocol/source.ts';
import { grouped } from '../../runtime/grouped.ts';
import { listed } from '../../runtime/text/listed.ts';
import { one, readAll, toggle, withFlags } from '../flag.ts';
import { table } from '../table.ts';
import { listColumns, paint, print } from '../terminal.ts';
import { asChoice } from '../values.ts';

const SIDES = ['server', 'client'] as const;
const WIDEST_COLUMNS = 120;

const FLAGS = {
  dialect: one(`Only this dialect: ${listed(DIALECT_NAMES)}; scriptix includes all of its parts`, asDialects),
  side: one(`Only requirements on a ${SIDES.join(' or a ')}`, asChoice(SIDES)),
  json: toggle('One JSON array'),
};

/** Adds the flags of `conformance list`. */
export function conformanceListFlags(argv: Argv): Argv {
  return withFlags(argv, FLAGS)
    .example(
      '$0 conformance list --dialect reson8 --side server',
      'What a run against a Reson8 server judges',
    )
    .example('$0 conformance list --json', 'For programs');
}

/** Prints the requirements, grouped by dialects. */
export function conformanceList(given: ArgumentsCamelCase): void {
  const { dialect = DIALECT_NAMES, side, json } = readAll(FLAGS, given);
  const requirements = requirementsFor(dialect, side);
  if (json) return print(JSON.stringify(requirements, null, 2));
  const groups = [...grouped(requirements, ({ dialects }) => dialects.join(', '))];
  const columns = listColumns(WIDEST_COLUMNS);
  for (const [i, [dialects, members]] of groups.entries()) {
    if (i > 0) print('');
    print(paint('bold', `${dialects}: ${members.length}`));
    const paints = [(id: string) => paint('bold', id)];
    for (const line of table(members.map(rowOf), columns, paints)) print(line);
  }
}

function asDialects(text: string): readonly Dialect[] {
  const choice = asChoice(DIALECT_NAMES)(text);
  // A service includes its parts, and has the name of the first one.
  const vendor = VENDORS.find((each) => each === choice);
  return vendor === undefined ? [choice] : dialectsOf(vendor);
}

function rowOf({ id, level, side, source, statement, check, editions }: Requirement): readonly string[] {
  const range = editions === undefined ? '' : `; ${rangeText(editions)}: ${editions.why}`;
  return [id, level, side, placesText(source) || '-', `${statement} (${howChecked(check)}${range})`];
}

function howChecked(check: Check): string {
  return check.kind === 'none' ? `not checked: ${check.reason}` : `checked on: ${check.witness}`;
}

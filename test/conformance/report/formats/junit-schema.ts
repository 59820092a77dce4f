import type { XmlElement } from '../../../support/formats/xml.ts';

type Check = (value: string) => boolean;
const token: Check = (value) => value === value.trim() && value !== '';
const text: Check = () => true;
const count: Check = (value) => /^\d+$/.test(value);
const decimal: Check = (value) => /^\d+(\.\d+)?$/.test(value);
const timestamp: Check = (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(value);

interface Rule {
  readonly attributes: Readonly<Record<string, Check>>;
  /** The names of the children, in order. */
  readonly children: RegExp;
  readonly hasText: boolean;
}

const outcome: Rule = { attributes: { type: text, message: text }, children: /^$/, hasText: true };

/**
 * What both the schema of Ant's JUnit task and that of Jenkins accept: attributes and their types, children and their
 * order. All named attributes must be present, and no others.
 */
const RULES: Readonly<Record<string, Rule>> = {
  testsuites: { attributes: {}, children: /^(testsuite )*$/, hasText: false },
  testsuite: {
    attributes: {
      id: count,
      package: token,
      name: token,
      timestamp,
      hostname: token,
      tests: count,
      failures: count,
      errors: count,
      skipped: count,
      time: decimal,
    },
    children: /^properties (testcase )*system-out system-err $/,
    hasText: false,
  },
  properties: { attributes: {}, children: /^(property )+$/, hasText: false },
  property: { attributes: { name: token, value: text }, children: /^$/, hasText: false },
  testcase: {
    attributes: { classname: token, name: text, time: decimal },
    children: /^((skipped|error|failure) )?$/,
    hasText: false,
  },
  skipped: outcome,
  error: outcome,
  failure: outcome,
  'system-out': { attributes: {}, children: /^$/, hasText: true },
  'system-err': { attributes: {}, children: /^$/, hasText: true },
};

/** The mistakes in a document with their places; none if it is valid. Counts must be those of the cases. */
export function junitFaults(root: XmlElement): readonly string[] {
  return root.name === 'testsuites' ? faultsOf(root, '') : [`the root is ${root.name}`];
}

function faultsOf(element: XmlElement, path: string): readonly string[] {
  const { name, attributes, children } = element;
  const here = `${path}/${name}`;
  const rule = RULES[name];
  if (rule === undefined) return [`${here}: unknown element`];
  const given = Object.keys(attributes).sort().join(' ');
  const expected = Object.keys(rule.attributes).sort().join(' ');
  return [
    ...(given === expected ? [] : [`${here}: has the attributes ${given}, expected ${expected}`]),
    ...Object.entries(rule.attributes).flatMap(([key, check]) =>
      check(attributes[key] ?? '') ? [] : [`${here}: ${key}="${attributes[key] ?? ''}"`],
    ),
    ...(rule.children.test(children.map((child) => `${child.name} `).join(''))
      ? []
      : [`${here}: has ${children.map((child) => child.name).join(' ')}`]),
    ...(rule.hasText || element.text.trim() === '' ? [] : [`${here}: has text`]),
    ...(name === 'testsuite' ? countFaults(element, here) : []),
    ...children.flatMap((child) => faultsOf(child, here)),
  ];
}

function countFaults({ attributes, children }: XmlElement, here: string): readonly string[] {
  const cases = children.filter((child) => child.name === 'testcase');
  const having = (kind: string) =>
    cases.filter((each) => each.children.some((child) => child.name === kind)).length;
  const counts = {
    tests: cases.length,
    failures: having('failure'),
    errors: having('error'),
    skipped: having('skipped'),
  };
  return Object.entries(counts).flatMap(([key, number]) =>
    attributes[key] === `${number}`
      ? []
      : [`${here}: ${key}="${attributes[key] ?? ''}", but there are ${number}`],
  );
}

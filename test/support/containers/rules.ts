import { checkOf, execForm, stagesOf, type Stage, type Step } from './dockerfile.ts';

/** A sentence for each place in a Dockerfile that is against good practice; hadolint has most of these rules. */
export function mistakesIn(text: string): readonly string[] {
  const stages = stagesOf(text);
  const last = stages.at(-1);
  if (last === undefined) return ['there is no FROM'];
  return [
    ...stages.flatMap((stage) => ofBase(stage, stages)),
    ...stages.flatMap(({ steps }) => steps.flatMap(ofStep)),
    ...stages.slice(0, -1).flatMap(({ name, base }) => (name === undefined ? [`${base} has no name`] : [])),
    ...ofCopies(stages),
    ...ofImage(last),
  ];
}

function ofBase({ base }: Stage, stages: readonly Stage[]): readonly string[] {
  if (stages.some(({ name }) => name === base)) return [];
  return /:\d+\.\d+\.\d+(-[\w.-]+)?$|@sha256:[0-9a-f]{64}$/.test(base) ? [] : [`${base} is not pinned`];
}

function ofStep({ keyword, text, words, properties }: Step): readonly string[] {
  switch (keyword) {
    case 'ADD':
    case 'MAINTAINER':
      return [`${keyword} has a successor`];
    case 'WORKDIR':
      return text.startsWith('/') ? [] : [`WORKDIR ${text} is relative`];
    case 'COPY':
      return words.length > 2 && words.at(-1)?.endsWith('/') !== true
        ? [`COPY of several needs a folder: ${text}`]
        : [];
    case 'RUN':
      return [
        ...(/\bsudo\b/.test(text) ? ['RUN with sudo'] : []),
        ...(/\bcd\s/.test(text) ? ['RUN with cd instead of WORKDIR'] : []),
        ...(/\b(?:curl|wget)\b/.test(text) ? ['RUN fetches something unpinned'] : []),
        ...(/\bnpm (?:i|install)\b/.test(text) ? ['RUN with npm install instead of npm ci'] : []),
        ...(/\bnpm ci\b(?!.*--ignore-scripts)/.test(text) ? ['RUN lets packages run scripts'] : []),
      ];
    case 'ENTRYPOINT':
    case 'CMD':
      return execForm(text) === undefined ? [`${keyword} is read by a shell, which keeps signals`] : [];
    case 'ENV':
      return secrets(keyword, Object.keys(properties));
    case 'ARG':
      return secrets(
        keyword,
        words.map((word) => word.replace(/=.*/, '')),
      );
    default:
      return [];
  }
}

function secrets(keyword: string, names: readonly string[]): readonly string[] {
  return names
    .filter((name) => /TOKEN|KEY|SECRET|PASSWORD/i.test(name))
    .map((name) => `${keyword} ${name} stays in the image`);
}

function ofCopies(stages: readonly Stage[]): readonly string[] {
  return stages.flatMap(({ steps }, index) =>
    steps
      .map(({ flags }) => flags['from'])
      .filter((from) => from !== undefined && !stages.slice(0, index).some(({ name }) => name === from))
      .map((from) => `COPY from ${String(from)}, which is no earlier stage`),
  );
}

/** The rules for the stage that becomes the image. */
function ofImage({ steps }: Stage): readonly string[] {
  const of = (keyword: string) => steps.filter((step) => step.keyword === keyword);
  const once = ['ENTRYPOINT', 'CMD', 'HEALTHCHECK', 'USER'].flatMap((keyword) => {
    const { length } = of(keyword);
    return length === 1 ? [] : [`${length} times ${keyword}`];
  });
  const user = of('USER').at(-1)?.text ?? '';
  const check = of('HEALTHCHECK').at(-1);
  const later = steps.slice(steps.findIndex(({ keyword }) => keyword === 'USER'));
  return [
    ...once,
    ...(/^[1-9]\d*:[1-9]\d*$/.test(user) ? [] : [`USER ${user} may be root`]),
    ...(later.some(({ keyword }) => keyword === 'COPY' || keyword === 'RUN') ? ['files belong to USER'] : []),
    ...(check !== undefined && checkOf(check) === undefined ? ['HEALTHCHECK is read by a shell'] : []),
    ...(check === undefined
      ? []
      : ['interval', 'timeout', 'retries'].flatMap((name) =>
          check.flags[name] === undefined ? [`HEALTHCHECK has no ${name}`] : [],
        )),
  ];
}

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { call } from '../api.ts';
import { ChoiceForm } from './choice-form.tsx';
import { parametersOf, usual, whyNot, type Choices } from './choices.ts';
import { SERVICE_NAMES, type Service } from './services.ts';
import { noMicrophone } from './sound.ts';
import { Stage } from './stage.tsx';
import { useConversation } from './use-conversation.ts';

interface Scenario {
  readonly dialect: string;
  readonly name: string;
}

/** A scenario to be tried out: it is assigned to this key. */
export interface Trial {
  readonly dialect: string;
  readonly key: string;
}

interface SpeakProps {
  readonly scenarios: number;
  readonly isLive: boolean;
  readonly trial: Trial | undefined;
}

/** A conversation with the fake, by voice. */
export function Speak({ scenarios: version, isLive, trial }: SpeakProps): JSX.Element {
  const [chosen, setChosen] = useState(atFirst);
  const [isDue, setDue] = useState(false);
  const conversation = useConversation();
  const scenarios = useScenarios(version, isLive);
  const { service, source, key } = chosen;
  const isIdle = conversation.phase === 'idle';

  const change = (part: Partial<Choices>) => setChosen((now) => ({ ...now, ...part }));
  useEffect(() => {
    const meant = SERVICE_NAMES.find((name) => name === trial?.dialect);
    if (trial === undefined || meant === undefined) return;
    change({ ...usual(meant), key: trial.key });
    setDue(true);
  }, [trial]);
  // Once the choices for the trial have been loaded.
  useEffect(() => {
    if (!isDue) return;
    setDue(false);
    if (isIdle) start();
  }, [isDue]);
  const start = () => {
    const hindrance = whyNot(service, key);
    if (hindrance !== undefined) return conversation.fail(hindrance);
    conversation.start({ service, key, query: parametersOf(service, chosen) }, source);
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (isIdle) start();
    else if (conversation.phase === 'speaking') conversation.finish();
    else conversation.stop();
  };
  return (
    <form class="speak" onSubmit={submit}>
      <ChoiceForm
        chosen={chosen}
        isDisabled={!isIdle}
        scenarios={scenarios.filter(({ dialect }) => dialect === service).map(({ name }) => name)}
        onService={(next: Service) => change(usual(next))}
        onChange={change}
      />
      <Stage conversation={conversation} />
    </form>
  );
}

/** What is chosen before the user has chosen anything. */
function atFirst(): Choices {
  const source = noMicrophone() === undefined ? 'microphone' : 'en-appointment.wav';
  return { ...usual('scriptix'), source, language: '', key: 'any-token' };
}

/** The scenarios of the fake, loaded again when they may have changed. */
function useScenarios(version: number, isLive: boolean): readonly Scenario[] {
  const [scenarios, setScenarios] = useState<readonly Scenario[]>([]);
  useEffect(() => {
    if (!isLive) return;
    call('scenarios').then(
      (answer) => setScenarios((answer as { scenarios: readonly Scenario[] }).scenarios),
      () => undefined,
    );
  }, [version, isLive]);
  return scenarios;
}

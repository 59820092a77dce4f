import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { call } from '../api.ts';
import type { World } from '../world.ts';
import { readFacts, type Facts } from './facts.ts';
import { Assignment, ClockCard, Defaults, Reset, ServiceState, type Change } from './settings.tsx';

/** What can be done to the whole fake. */
export function Fake({ world, isLive }: { world: World; isLive: boolean }): JSX.Element {
  const [facts, setFacts] = useState<Facts>();
  const [said, setSaid] = useState('');
  const [isWrong, setWrong] = useState(false);
  const { scenarios: version, state, nowMs } = world;
  useEffect(() => {
    if (!isLive) return;
    readFacts().then(setFacts, () => undefined);
  }, [isLive, version, state]);

  const tried = async (...[path, method, body, done]: Parameters<Change>) => {
    try {
      await call(path, method, body);
      setFacts(await readFacts());
      setSaid(done);
      setWrong(false);
    } catch (error) {
      setSaid(error instanceof Error ? error.message : String(error));
      setWrong(true);
    }
  };
  const change: Change = (...asked) => void tried(...asked);
  if (facts === undefined) return <p class="quiet">Waiting for the fake</p>;
  const { scenarios, defaults, service, clock } = facts;
  const names = [...new Set(scenarios.map(({ name }) => name))].sort();
  return (
    <div class="fake">
      <Assignment names={names} change={change} />
      <Defaults names={names} set={defaults} change={change} />
      <ServiceState state={service} change={change} />
      <ClockCard isManual={clock.mode === 'manual'} nowMs={Math.max(clock.nowMs, nowMs)} change={change} />
      <Reset change={change} />
      <p class={isWrong ? 'error' : 'status'} role="status">
        {said}
      </p>
    </div>
  );
}

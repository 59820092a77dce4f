import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { composed, environmentOf } from '../support/containers/compose.ts';
import { stagesOf } from '../support/containers/dockerfile.ts';
import { pageText } from '../support/programs/page.ts';
import { REPOSITORY } from '../support/programs/cli.ts';

const services = composed();
const { understudy, client } = services;

describe('deploy/compose.yaml', () => {
  it('has a fake that is built from the Dockerfile, and a client that waits until it is healthy', () => {
    expect(Object.keys(services)).toEqual(['understudy', 'client']);
    expect(existsSync(join(REPOSITORY, 'deploy', understudy?.build ?? '', 'Dockerfile'))).toBe(true);
    expect(client?.image).toBe(understudy?.image);
    expect(client?.depends_on).toEqual({ understudy: { condition: 'service_healthy' } });
  });

  it('gives no container more rights than it needs', () => {
    for (const [name, service] of Object.entries(services)) {
      expect([name, service]).toEqual([
        name,
        expect.objectContaining({
          read_only: true,
          cap_drop: ['ALL'],
          security_opt: ['no-new-privileges:true'],
        }),
      ]);
    }
  });

  it('publishes the port of the image to this machine only', () => {
    const exposed = stagesOf(pageText('Dockerfile'))
      .at(-1)
      ?.steps.find(({ keyword }) => keyword === 'EXPOSE');

    expect(understudy?.ports).toEqual([`127.0.0.1:${exposed?.text ?? ''}:${exposed?.text ?? ''}`]);
    expect(client?.ports).toBeUndefined();
  });

  it('has a control API if a token is set', () => {
    if (understudy === undefined) throw new Error('no service understudy');

    expect(environmentOf(understudy)).toEqual({ UNDERSTUDY_CONTROL_TOKEN: '' });
    expect(environmentOf(understudy, { UNDERSTUDY_CONTROL_TOKEN: 'a-token' })).toEqual({
      UNDERSTUDY_CONTROL_TOKEN: 'a-token',
    });
  });
});

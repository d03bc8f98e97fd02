import { join } from 'node:path';
import { bundleFunctions } from '../bundle.ts';
import type { Machine } from '../local/machine.ts';
import { startMachine } from '../local/start-machine.ts';
import { type ApiClient, apiClient } from './api-client.ts';
import { LOCAL } from './local-names.ts';
import { synthesize } from './synthesize.ts';

const project = join(import.meta.dirname, '../..');

/** A running machine with a client that calls its API as the partner. */
export interface OpenMachine {
  readonly machine: Machine;
  readonly api: ApiClient;
  readonly region: string;
}

/** Bundles, synthesizes and starts the whole template in `folder`; says each of the three before it does it. */
export async function openMachine({
  folder,
  apiPort,
  progress,
}: {
  folder: string;
  apiPort?: number | undefined;
  progress: (line: string) => void;
}): Promise<OpenMachine> {
  progress('bundling the functions');
  const distFolder = join(project, 'dist');
  await bundleFunctions({ outFolder: distFolder });
  progress('synthesizing the template');
  const templateFile = await synthesize(project);
  progress('starting the machine');
  const machine = await startMachine({
    templateFile,
    distFolder,
    folder,
    onLog: ({ source, line }) => {
      if (source === 'cloudwatch') progress(line);
    },
    stackName: LOCAL.stackName,
    region: LOCAL.region,
    parameters: { FirstPartnerSubject: LOCAL.partnerSubject, ManifestGraceSeconds: '5' },
    ...(apiPort === undefined ? {} : { apiPort }),
  });
  const token = () => machine.issuer.accessToken({ sub: LOCAL.partnerSubject });
  return { machine, region: LOCAL.region, api: apiClient({ baseUrl: machine.apiUrl, token }) };
}

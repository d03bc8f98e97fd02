import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleFunctions } from '../../infra/bundle.ts';
import { apiClient } from '../../infra/cli/api-client.ts';
import { LOCAL } from '../../infra/cli/local-names.ts';
import type { OpenMachine } from '../../infra/cli/open-machine.ts';
import { synthesize } from '../../infra/cli/synthesize.ts';
import type { MachineOptions } from '../../infra/local/machine-options.ts';
import { startMachine } from '../../infra/local/start-machine.ts';
import { type EditedTemplate, parseTemplate } from './edited-template.ts';
import { openProduct, type Product } from './open-product.ts';

const PROJECT = join(import.meta.dirname, '../..');

/** What differs from the template as it was synthesized, and from its parameters' values. */
export interface Edits {
  readonly edit?: (template: EditedTemplate) => void;
  readonly parameters?: Readonly<Record<string, string>>;
  /** How the machine is run: its clock, its engine, who is told. */
  readonly machine?: Partial<MachineOptions>;
}

/** The product on a template whose JSON was changed after synthesis. */
export function openEdited(edits: Edits): Promise<Product> {
  return openProduct((folder) => startEdited(folder, edits));
}

/** Starts a machine in `folder` on the changed template. */
export async function startEdited(
  folder: string,
  { edit, parameters = {}, machine: options = {} }: Edits,
): Promise<OpenMachine> {
  const distFolder = join(PROJECT, 'dist');
  await bundleFunctions({ outFolder: distFolder });
  const template = parseTemplate(await readFile(await synthesize(PROJECT), 'utf8'));
  edit?.(template);
  await mkdir(folder, { recursive: true });
  const templateFile = join(folder, 'edited.template.json');
  await writeFile(templateFile, JSON.stringify(template));
  const machine = await startMachine({
    templateFile,
    distFolder,
    folder,
    stackName: LOCAL.stackName,
    region: LOCAL.region,
    ...options,
    parameters: { FirstPartnerSubject: LOCAL.partnerSubject, ManifestGraceSeconds: '1', ...parameters },
  });
  const token = () => machine.issuer.accessToken({ sub: LOCAL.partnerSubject });
  return { machine, region: LOCAL.region, api: apiClient({ baseUrl: machine.apiUrl, token }) };
}

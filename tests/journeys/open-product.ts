import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ApiClient } from '../../infra/cli/api-client.ts';
import { applyConfig, connectIntegration } from '../../infra/cli/apply-config.ts';
import type { BillFile } from '../../infra/cli/bill-files.ts';
import { ApportionConfig } from '../../infra/cli/config/apportion-config.ts';
import { deliver } from '../../infra/cli/deliver.ts';
import { collectSummary } from '../../infra/cli/figures/collect-summary.ts';
import type { Summary } from '../../infra/cli/figures/summary.ts';
import { followDelivery, followRuns } from '../../infra/cli/follow-bill.ts';
import { type OpenMachine, openMachine } from '../../infra/cli/open-machine.ts';
import type { Machine } from '../../infra/local/machine.ts';
import type { CustomerId } from '../../lib/domain/ids.ts';

/** The whole product, running for one test file: the synthesized template with an empty registry. */
export interface Product {
  readonly machine: Machine;
  readonly api: ApiClient;
  /** For files that a test makes; goes away with the product. */
  readonly folder: string;
  /** Writes customers and rules through the API; returns the customers' ids by name. */
  configure(config: unknown): Promise<ReadonlyMap<string, CustomerId>>;
  /** Makes an integration for bare files and our own manifests, or for AWS Data Exports. */
  connect(integrationId: string, delivery?: 'files' | 'data_exports'): Promise<void>;
  /** Puts a bare file with this body into an integration's folder and waits until it is registered. */
  receive(integrationId: string, name: string, body: string | Uint8Array): Promise<void>;
  /** Puts files as they are laid out, the announcing one last, and waits until that delivery is registered. */
  receiveFiles(integrationId: string, files: readonly BillFile[]): Promise<void>;
  /** Waits until all that is wanted is published; the figures, customers and rules in the order of their configuration. */
  published(): Promise<Summary>;
  close(): Promise<void>;
}

/**
 * Starts it in a folder of its own. Bundles and template are made once and found again by the next test file. `open`
 * starts another machine than the template's, in the folder it is given.
 */
export async function openProduct(open: (folder: string) => Promise<OpenMachine> = openWhole): Promise<Product> {
  const folder = await mkdtemp(join(tmpdir(), 'apportion-journey-'));
  const { machine, api } = await open(join(folder, 'machine'));
  const order = { customers: [] as string[], rules: [] as string[] };
  const silent = () => {};
  const receiveFiles: Product['receiveFiles'] = async (integrationId, files) => {
    const since = await deliver(machine, files);
    const key = files.at(-1)?.key;
    if (key === undefined) throw new Error('a delivery has at least one file');
    await followDelivery(api, integrationId, { key, since }, silent);
  };
  return {
    machine,
    api,
    folder,
    configure: async (given) => {
      const config = ApportionConfig.parse(given);
      order.customers.push(...config.customers.map(({ name }) => name));
      order.rules.push(...config.rules.map(({ name }) => name));
      return await applyConfig(api, config);
    },
    connect: (id, delivery = 'files') => connectIntegration(api, { id, name: id, delivery }),
    receive: async (integrationId, name, body) => {
      const path = join(folder, basename(name));
      await writeFile(path, body);
      await receiveFiles(integrationId, [{ key: `${integrationId}/${name}`, path }]);
    },
    receiveFiles,
    published: async () => {
      await followRuns(api, silent);
      return await collectSummary(api, order);
    },
    close: async () => {
      await machine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function openWhole(folder: string): Promise<OpenMachine> {
  return openMachine({ folder, progress: () => {} });
}

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { RunId } from '../../domain/ids.ts';
import { Problem } from '../../domain/problem.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { SplitBillStep } from '../../names/steps.ts';
import { PARTNER, TABLES, UNASSIGNED } from '../../names/tables.ts';
import type { OpenDatabase } from '../../ports/database.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { type CommitmentPolicies, commitmentPolicies } from '../../rules/commitments/commitment-policies.ts';
import { DeliveredBill } from '../../sources/delivered-bill.ts';
import { inParallel } from '../in-parallel.ts';
import { inWorkFolder } from '../work-folder.ts';
import { requireReconciled } from './compare-totals.ts';
import { ControlTotals } from './control-totals.ts';
import { keepLease, type LeaseWorld } from './lease-kept.ts';
import { measureResults } from './measure-results.ts';
import { Plan } from './plan.ts';
import type { Publication } from './publication.ts';
import { readLakeJson } from './read-lake-json.ts';
import { requireLeasedRun } from './require-leased-run.ts';
import { type ResultFile, ShardAnswer, ShardList } from './shard-list.ts';
import { requireUnchanged } from './sources-unchanged.ts';
import type { StoredSplit } from './stored-split.ts';
import { summariseRun } from './summarise-run.ts';

/** What Reconcile reaches outside. */
export interface ReconcileWorld extends LeaseWorld {
  readonly runs: Pick<RunStore, 'find' | 'update' | 'enterStep'>;
  readonly lake: ObjectStore;
  readonly landing: Pick<ObjectStore, 'bucket' | 'head'>;
  readonly openDatabase: OpenDatabase;
  readonly memoryMegabytes: number;
}

const Input = z.object({ runId: RunId, planKey: z.string(), lists: z.array(ShardAnswer) });

const STEP: SplitBillStep = 'Reconcile';
const THREADS = 2;
const READS_AT_ONCE = 8;

/**
 * Holds the written files against the control totals, to the last digit, and writes down what Publish may list and what
 * people are shown. Nothing is taken from a worker's word but the names of its files. Throws `not_reconciled`,
 * `result_file_changed` or `file_changed`; then nothing of this run is ever published.
 */
export const reconcile =
  (world: ReconcileWorld) =>
  async (input: unknown): Promise<{ reconciled: true; publicationKey: string }> => {
    const { runId, planKey, lists } = Input.parse(input);
    const { lake, openDatabase, memoryMegabytes } = world;
    const run = await requireLeasedRun(world.runs, runId);
    await keepLease(world, run);
    await world.runs.enterStep(runId, STEP, world.clock.now().toISOString());
    const plan = await readLakeJson(lake, planKey, Plan);
    const shards = await readLists(lake, plan, lists);
    const files = shards.flatMap((list) => list.files.map((file) => requirePlannedOwner(plan, list.shard, file)));
    const delivered = await readLakeJson(lake, LAKE.totals(runId), ControlTotals);
    const written = await inWorkFolder(async (folder) => {
      const database = await openDatabase({ folder, memoryMegabytes, threads: THREADS });
      try {
        return await measureResults(files, {
          ...{ lake, database, folder, ownersKey: LAKE.owners(runId) },
          policed: [...policiesOf(plan).keys()],
        });
      } finally {
        database.close();
      }
    });
    requireReconciled(delivered, written, plan);
    if (plan.split === undefined) {
      const bill = await readLakeJson(lake, LAKE.delivery(run.deliveryId), DeliveredBill);
      await requireUnchanged(bill, [lake, world.landing]);
    }
    await lake.writeText(LAKE.storedSplit(runId), JSON.stringify(splitOf(plan, shards)));
    await lake.writeText(LAKE.summary(runId), JSON.stringify(summariseRun(plan, delivered, written)));
    await lake.writeText(LAKE.publication(runId), JSON.stringify(publicationOf(plan, files, written.days)));
    await world.runs.update(runId, { summaryKey: LAKE.summary(runId) });
    return { reconciled: true, publicationKey: LAKE.publication(runId) };
  };

/** The lists of exactly the plan's shards, each the one that its worker answered for. */
async function readLists(lake: ObjectStore, plan: Plan, answers: readonly ShardAnswer[]): Promise<ShardList[]> {
  const planned = plan.shards.map(({ shard }) => shard).join(', ');
  const answered = answers.map(({ shard }) => shard).sort((a, b) => a - b);
  requireEqual('one list per shard', { owner: '', column: 'shard', expected: planned, actual: answered.join(', ') });
  return await inParallel(answers, READS_AT_ONCE, (answer) => readList(lake, plan, answer));
}

/** What a later run of the same delivery may start from: what this one did, or the files that its workers have read. */
function splitOf(plan: Plan, lists: readonly ShardList[]): StoredSplit {
  const { split, runId, deliveryId, ownersHash = '' } = plan;
  const files = lists.flatMap(({ sources }) => sources);
  return split ?? { runId, attempt: lists[0]?.attempt ?? '', deliveryId, ownersHash, files };
}

async function readList(lake: ObjectStore, plan: Plan, { shard, listKey, sha256 }: ShardAnswer): Promise<ShardList> {
  const found = await lake.readText(listKey);
  if (found === undefined || createHash('sha256').update(found.text).digest('hex') !== sha256)
    throw new Problem('result_file_changed', { file: listKey });
  const list = ShardList.parse(JSON.parse(found.text));
  if (list.shard !== shard || list.runId !== plan.runId) throw new Problem('result_file_changed', { file: listKey });
  return list;
}

function requirePlannedOwner(plan: Plan, shard: number, file: ResultFile): ResultFile {
  const planned = plan.shards.find((one) => one.shard === shard)?.owners ?? [];
  // A policy leaves the partner rows of a customer, wherever the customer's are.
  const owners = policiesOf(plan).size > 0 ? [...planned, PARTNER] : planned;
  const mayHave = file.table === TABLES.costs || (file.owner !== UNASSIGNED && file.owner !== PARTNER);
  const check = 'a shard has files of its owners only, ledgers of customers only';
  const expected = owners.includes(file.owner) && mayHave ? file.owner : owners.join(', ');
  requireEqual(check, { owner: file.owner, column: file.table, expected, actual: mayHave ? file.owner : file.key });
  return file;
}

function policiesOf({ partner, customers }: Plan): CommitmentPolicies {
  return commitmentPolicies(partner.commitments, customers);
}

function requireEqual(
  check: string,
  figure: { owner: string; column: string; expected: string; actual: string },
): void {
  if (figure.expected !== figure.actual) throw new Problem('not_reconciled', { check, currency: '', ...figure });
}

function publicationOf(
  { runId, integrationId, period }: Plan,
  files: readonly ResultFile[],
  days: Publication['days'],
): Publication {
  const lists = Map.groupBy(files, ({ table, owner }) => JSON.stringify([table, owner]));
  return {
    runId,
    integrationId,
    period,
    days,
    lists: [...lists.values()].flatMap((group) => {
      const [first] = group;
      return first ? [{ table: first.table, owner: first.owner, keys: group.map(({ key }) => key) }] : [];
    }),
  };
}

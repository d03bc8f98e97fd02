import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { pythonTool } from '../installs/python-tool.ts';
import { JUDGES } from '../judges.ts';
import { runTool } from '../run-tool.ts';

type Properties = Readonly<Record<string, unknown>>;

/** Findings that are none, each with its reason, and where it holds for some resources only, for which. */
export const ACKNOWLEDGED: Readonly<
  Record<string, { reason: string; when?: (id: string, of: Properties) => boolean }>
> = {
  CKV_AWS_115: { reason: 'no reserved concurrency: the mappings’ MaximumConcurrency bounds the workers' },
  CKV_AWS_116: { reason: 'no DLQ of the function: its queue has one' },
  CKV_AWS_117: { reason: 'no private endpoint is used, so no function is in a VPC' },
  CKV_AWS_158: { reason: 'no secret and no bill is written to a log' },
  CKV_AWS_173: { reason: 'no secret is in a variable' },
  CKV_AWS_18: { reason: 'the log bucket itself', when: (id) => id.startsWith('StorageAccessLogs') },
  CKV_AWS_27: {
    reason: 'knows KMS keys only; SQS’s own encryption is on. EventBridge cannot send under SQS’s KMS key',
    when: (_, { SqsManagedSseEnabled }) => SqsManagedSseEnabled === true,
  },
  CKV_AWS_119: {
    reason: 'wants a key of the customer’s; DynamoDB’s KMS key of the account is on',
    when: (_, { SSESpecification }) => z.object({ SSEEnabled: z.literal(true) }).safeParse(SSESpecification).success,
  },
};

const Template = z.looseObject({
  Resources: z.record(z.string(), z.looseObject({ Properties: z.record(z.string(), z.unknown()).default({}) })),
});
const Report = z.object({
  summary: z.object({ passed: z.number(), parsing_errors: z.literal(0), resource_count: z.number() }),
  results: z.object({
    failed_checks: z.array(z.object({ check_id: z.string(), check_name: z.string(), resource: z.string() })),
  }),
});

/** What checkov finds that is not acknowledged here, and how much it checked. */
interface Checked {
  readonly findings: readonly string[];
  readonly acknowledged: number;
  readonly passed: number;
}

/** Runs checkov's CloudFormation policies over a template, offline. */
export async function checkov(template: unknown): Promise<Checked> {
  const { name, version } = JUDGES.checkov;
  const bin = await pythonTool({ name: `${name}-${version}`, requirements: [`checkov==${version}`] });
  const folder = await mkdtemp(join(tmpdir(), 'apportion-checkov-'));
  try {
    const file = join(folder, 'template.json');
    await writeFile(file, JSON.stringify(template));
    const quietly = ['--framework', 'cloudformation', '--skip-download', '--compact', '--quiet', '-o', 'json'];
    const { stdout, stderr } = await runTool(join(bin, 'checkov'), ['-f', file, ...quietly]);
    if (stdout.trim() === '') throw new Error(`checkov said nothing: ${stderr.slice(-1000)}`);
    return checkedOf(Report.parse(JSON.parse(stdout)), Template.parse(template));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function checkedOf({ results, summary }: z.infer<typeof Report>, { Resources }: z.infer<typeof Template>): Checked {
  const open = results.failed_checks.filter(({ check_id, resource }) => {
    const id = resource.split('.').at(-1) ?? '';
    const { when = () => true } = ACKNOWLEDGED[check_id] ?? { when: () => false };
    return !when(id, Resources[id]?.Properties ?? {});
  });
  return {
    findings: open.map(({ check_id, resource, check_name }) => `${check_id} ${resource} ${check_name}`),
    acknowledged: results.failed_checks.length - open.length,
    passed: summary.passed,
  };
}

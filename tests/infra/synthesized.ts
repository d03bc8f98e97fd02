import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { apportionApp } from '../../infra/apportion-app.ts';
import { resolveStack, type Stack } from '../../infra/local/template/resolve-stack.ts';

const Resource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Condition: z.string().optional(),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
});

const Synthesized = z.object({
  Parameters: z.record(z.string(), z.record(z.string(), z.unknown())),
  Resources: z.record(z.string(), Resource),
  Outputs: z.record(z.string(), z.unknown()),
});

/** What CDK and cdk-nag found and nobody acknowledged. */
const Report = z.object({ pluginReports: z.array(z.object({ violations: z.array(z.unknown()) })) });

/** The template as `cdk synth` writes it, its text, and CDK's report on it. */
export function synthesize() {
  const outdir = assembly();
  const text = readFileSync(join(outdir, 'Apportion.template.json'), 'utf8');
  const report = Report.parse(JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')));
  const template = Synthesized.parse(JSON.parse(text));
  const ofType = (type: string) => Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
  return { text, report, template, ofType };
}

/** What the template is made of. */
const SOURCES = ['infra/*.ts', 'infra/constructs/**/*.ts', 'lib/{names,focus}/*.ts', 'package-lock.json'];

/** Folder of the synthesized app: made once of the same sources, for synthesis takes seconds and many tests read it. */
function assembly(): string {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((pattern) => globSync(pattern)).sort())
    hash.update(file).update(readFileSync(file));
  const cache = join(process.cwd(), '.cache', 'synth');
  const outdir = join(cache, hash.digest('hex').slice(0, 16));
  if (existsSync(outdir)) return outdir;
  const made = join(cache, `of-process-${process.pid}`);
  apportionApp({ outdir: made }).app.synth();
  try {
    renameSync(made, outdir);
  } catch {
    // Another test was faster; what it made is the same.
    rmSync(made, { recursive: true });
  }
  return outdir;
}

/** The template with literal ARNs and names, as CloudFormation would make it with every default. */
export function resolved(text: string): Stack {
  return resolveStack(JSON.parse(text), {
    stackName: 'Apportion',
    region: 'eu-central-1',
    accountId: '111122223333',
    parameters: {},
    urls: { sqs: 'https://sqs.test', httpApi: 'https://api.test' },
  });
}

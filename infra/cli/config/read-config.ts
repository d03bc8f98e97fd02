import { readFile } from 'node:fs/promises';
import { isScalar, isSeq, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { checkRule } from '../../../lib/domain/check-rule.ts';
import { Problem } from '../../../lib/domain/problem.ts';
import { CommandError, EXIT } from '../exit-with.ts';
import { ApportionConfig } from './apportion-config.ts';
import { findSharedDay } from './find-shared-day.ts';

/** Reads a configuration file; whatever is wrong ends the command with exit code 2 and names the key. */
export async function readConfig(path: string): Promise<ApportionConfig> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CommandError(EXIT.badInput, `${path}: there is no such file. Give --config a YAML or JSON file.`);
  });
  return parseConfig(text, path);
}

/** Parses a configuration; `source` names it in messages. */
export function parseConfig(text: string, source: string): ApportionConfig {
  const document = parseDocument(text, { uniqueKeys: true });
  const [broken] = document.errors;
  if (broken) throw new CommandError(EXIT.badInput, `${source}: ${broken.message}`);
  keepIdsAsText(document);
  const parsed = ApportionConfig.safeParse(document.toJS() ?? {});
  if (!parsed.success) throw new CommandError(EXIT.badInput, explainIssues(parsed.error, source));
  refuseInconsistent(parsed.data, source);
  return parsed.data;
}

/** Keys whose values are text in the schema: ids, and values of filters, which are compared as text. */
const TEXT_KEYS: readonly string[] = ['subAccounts', 'id', 'values'];

/** An id that is written without quotes keeps every digit and leading zero of its text. */
function keepIdsAsText(document: ReturnType<typeof parseDocument>): void {
  visit(document, {
    Pair: (_, { key, value }) => {
      if (!isScalar(key) || !TEXT_KEYS.includes(String(key.value))) return;
      for (const node of isSeq(value) ? value.items : [value])
        if (isScalar(node) && typeof node.value === 'number') node.value = node.source ?? String(node.value);
    },
  });
}

function explainIssues(error: z.ZodError, source: string): string {
  const lines = error.issues.map(({ path, message }) => `  ${keyOf(path)}: ${message}`);
  return [
    `${source} is not a valid configuration:`,
    ...lines,
    'See docs/split.md and docs/apportion.schema.json.',
  ].join('\n');
}

/** `customers[1].subAccounts[0]`: the key as people would write it. */
function keyOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (key, part) =>
      typeof part === 'number' ? `${key}[${part}]` : key === '' ? String(part) : `${key}.${String(part)}`,
    '',
  );
}

/** What the schema cannot say: rules that contradict themselves, names that nobody has, days with two owners. */
function refuseInconsistent(config: ApportionConfig, source: string): void {
  const fail = (message: string): never => {
    throw new CommandError(EXIT.badInput, `${source}: ${message}`);
  };
  const names = config.customers.map(({ name }) => name);
  const twice = names.find((name, index) => names.findIndex((other) => sameName(other, name)) !== index);
  if (twice !== undefined) fail(`customers: the name "${twice}" stands twice. Give each customer a name of its own.`);
  for (const [index, rule] of config.rules.entries()) {
    try {
      checkRule(rule);
    } catch (error) {
      if (error instanceof Problem) fail(`rules[${index}] "${rule.name}": ${error.message}`);
      throw error;
    }
    const unknown = rule.customers === 'all' ? undefined : rule.customers.find((name) => !names.includes(name));
    if (unknown !== undefined)
      fail(
        `rules[${index}].customers: there is no customer "${unknown}". Customers are: ${names.join(', ') || 'none'}.`,
      );
  }
  const shared = findSharedDay(config);
  if (shared)
    fail(
      `sub account ${shared.id} belongs to both ${shared.owners[0]} and ${shared.owners[1]} on one day. ` +
        'Give each a `from` or a `to` so that their days do not meet.',
    );
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

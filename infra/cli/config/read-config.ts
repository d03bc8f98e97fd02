import { readFile } from 'node:fs/promises';
import { type Document, isScalar, isSeq, parseDocument, visit } from 'yaml';
import { checkRule } from '../../../lib/domain/check-rule.ts';
import { PROBLEMS, Problem } from '../../../lib/domain/problem.ts';
import { CommandError, EXIT } from '../exit-with.ts';
import { ApportionConfig, ownedSubAccount } from './apportion-config.ts';
import { explainConfigError } from './explain-config-error.ts';
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
  const parsed = ApportionConfig.safeParse(plainValue(document, source));
  if (!parsed.success) {
    const lines = explainConfigError(parsed.error).map((line) => `  ${line}`);
    const help = 'See docs/split.md and docs/apportion.schema.json.';
    throw new CommandError(EXIT.badInput, [`${source} is not a valid configuration:`, ...lines, help].join('\n'));
  }
  refuseInconsistent(parsed.data, source);
  return parsed.data;
}

/** An empty file is an empty configuration; aliases that multiply without end are refused. */
function plainValue(document: Document, source: string): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    throw new CommandError(EXIT.badInput, `${source}: ${error instanceof Error ? error.message : error}`);
  }
}

/** Keys whose values are text in the schema: ids, and values of filters, which are compared as text. */
const TEXT_KEYS: readonly string[] = ['subAccounts', 'id', 'values'];

/** An id that is written without quotes keeps every digit and leading zero of its text. */
function keepIdsAsText(document: Document): void {
  visit(document, {
    Pair: (_, { key, value }) => {
      if (!isScalar(key) || !TEXT_KEYS.includes(String(key.value))) return;
      for (const node of isSeq(value) ? value.items : [value])
        if (isScalar(node) && typeof node.value === 'number') node.value = node.source ?? String(node.value);
    },
  });
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
      if (error instanceof Problem) fail(`rules[${index}] "${rule.name}": ${adviceOf(error)}`);
      throw error;
    }
    const unknown = rule.customers === 'all' ? undefined : rule.customers.find((name) => !names.includes(name));
    if (unknown !== undefined)
      fail(
        `rules[${index}].customers: there is no customer "${unknown}". Customers are: ${names.join(', ') || 'none'}.`,
      );
  }
  for (const { id, from, to } of [config.partner, ...config.customers].flatMap(({ subAccounts }) =>
    subAccounts.map(ownedSubAccount),
  ))
    if (from !== null && to !== null && to < from)
      fail(`sub account ${id}: its last day ${to} is before its first day ${from}. Swap \`from\` and \`to\`.`);
  const shared = findSharedDay(config);
  if (shared)
    fail(
      `sub account ${shared.id} belongs to both ${shared.owners[0]} and ${shared.owners[1]} on one day. ` +
        'Give each a `from` or a `to` so that their days do not meet.',
    );
}

/** The problem's title and what to do, without its code. */
function adviceOf({ code }: Problem): string {
  const { title, next } = PROBLEMS[code];
  return `${title}. ${next}`;
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

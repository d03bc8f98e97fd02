import { readFile, writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { stringify } from 'yaml';
import { z } from 'zod';
import { billingRuleSchema } from '../../lib/domain/billing-rule.ts';
import { checkRule } from '../../lib/domain/check-rule.ts';
import { Day } from '../../lib/domain/day.ts';
import { Problem } from '../../lib/domain/problem.ts';
import { importPriceBook } from '../../lib/rule-import/cloudhealth/import-price-book.ts';
import { ImportRefused } from '../../lib/rule-import/import-refused.ts';
import type { ImportedRules, ImportNote, ImportOptions, RuleDraft } from '../../lib/rule-import/imported-rules.ts';
import { importVantageRules } from '../../lib/rule-import/vantage/import-billing-rules.ts';
import { explainConfigError } from './config/explain-config-error.ts';
import { CommandError, EXIT, exitWith } from './exit-with.ts';

/** `npm run import-rules`: another platform's rules as the `rules:` of a configuration file (`docs/import-rules.md`). */
interface ImportRulesOptions {
  readonly from: keyof typeof SOURCES;
  readonly file: string;
  readonly out?: string;
  readonly customers: string;
  readonly startDate?: string;
  readonly pricingUnit?: string;
}

const SOURCES = {
  cloudhealth: importPriceBook,
  vantage: importVantageRules,
} as const;

/** Rules are imported, but something of the source is not. */
const PARTLY = 3;

async function importRules(given: ImportRulesOptions): Promise<number> {
  const text = await readFile(given.file, 'utf8').catch(() => {
    throw new CommandError(EXIT.badInput, `${given.file}: there is no such file.`);
  });
  const { rules, notes } = checked(imported(text, given));
  const yaml = stringify({ rules }, { aliasDuplicateObjects: false });
  if (given.out === undefined) process.stdout.write(yaml);
  else await writeFile(given.out, yaml);
  process.stderr.write(report(rules.length, notes));
  return notes.some(({ kind }) => kind === 'left_out') ? PARTLY : EXIT.reconciled;
}

function imported(text: string, given: ImportRulesOptions): ImportedRules {
  const startDate = Day.optional().safeParse(given.startDate);
  if (!startDate.success)
    throw new CommandError(EXIT.badInput, `--start-date ${given.startDate}: a day as yyyy-mm-dd.`);
  const options: ImportOptions = {
    customers: given.customers === 'all' ? 'all' : given.customers.split(',').map((name) => name.trim()),
    startDate: startDate.data,
    pricingUnit: given.pricingUnit,
  };
  try {
    return SOURCES[given.from](text, options);
  } catch (error) {
    if (error instanceof ImportRefused) throw new CommandError(EXIT.badInput, `${given.file}: ${error.message}`);
    throw error;
  }
}

/** What our own schema refuses is left out with its reason, so that what is written can be used as it stands. */
function checked({ rules, notes }: ImportedRules): ImportedRules {
  const schema = billingRuleSchema(z.string().min(1).max(200));
  const wrong = new Map<RuleDraft, ImportNote>();
  for (const rule of rules) {
    const what = faultOf(rule, schema);
    if (what !== undefined) wrong.set(rule, { where: `"${rule.name}" (${rule.type})`, kind: 'left_out', what });
  }
  return { rules: rules.filter((rule) => !wrong.has(rule)), notes: [...notes, ...wrong.values()] };
}

function faultOf(rule: RuleDraft, schema: ReturnType<typeof billingRuleSchema>): string | undefined {
  const parsed = schema.safeParse(rule);
  if (!parsed.success) return explainConfigError(parsed.error).join('; ');
  try {
    checkRule(parsed.data);
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
}

function report(rules: number, notes: readonly ImportNote[]): string {
  const lines = [`${rules} ${rules === 1 ? 'rule' : 'rules'} imported.`];
  for (const [kind, title] of [
    ['left_out', 'Left out, because no rule here says it:'],
    ['reads_otherwise', 'Imported, but to know:'],
  ] as const) {
    const these = notes.filter((note) => note.kind === kind);
    if (these.length > 0) lines.push(title, ...these.map(({ where, what }) => `  ${where}: ${what}`));
  }
  return `${lines.join('\n')}\n`;
}

const command = new Command('import-rules')
  .description(
    'Turns another platform’s billing rules into the rules of a configuration file, and says what it could not.',
  )
  .addOption(
    new Option('--from <platform>', 'cloudhealth: a price book (XML); vantage: billing rules (JSON of its API)')
      .choices(Object.keys(SOURCES))
      .makeOptionMandatory(),
  )
  .requiredOption('--file <file>', 'the file to import')
  .option('--out <file>', 'where to write the rules (YAML); standard output without it')
  .option('--customers <names>', 'whose rules they are: all, or names with commas between them', 'all')
  .option('--start-date <day>', 'first day of rules that have none: the first day of data')
  .option('--pricing-unit <unit>', 'the PricingUnit that fixed rates are for')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT.badInput));

await exitWith(() => importRules(command.parse().opts<ImportRulesOptions>()));

import { AMOUNTS, amountsOf, COSTS } from './bill.ts';
import { fixed, plain, sumOf } from './fixed.ts';
import { deltaOf } from './meaning.ts';
import { priceBill, type Scene } from './price-bill.ts';
import { type PricedRow, totalOf } from './price-rows.ts';
import type { PricedByProduct } from './product.ts';

/**
 * What is said of a priced bill, a line per owner, ledger row, step of a policy, waterfall row, warning and addition, sorted: two readings of
 * the contract agree where their lines do.
 */
export type Facts = readonly string[];

type TextRow = Readonly<Record<string, string | null>>;

/** What the oracle says. */
export function factsOfOracle(scene: Scene): Facts {
  const { rows, warnings, additions } = priceBill(scene);
  return [
    ...rows.map(({ row, owner }) => `owner ${row.x_RowId} ${owner}`),
    ...rows.filter(({ owner, isRemoved }) => scene.customers.includes(owner) && !isRemoved).map(ledgerFact),
    ...rows.flatMap(policyFacts),
    ...rows.flatMap(waterfallFacts),
    ...warnings.map((one) => warningFact(one.code, one.customer, one.rule, one.otherRule, one.rows)),
    ...additions.map(({ rule, customer, currency, ChargeCategory, amount, from, to }) =>
      ['addition', rule.id, customer, currency, ChargeCategory, plain(amount), from, to].join(' '),
    ),
  ].sort();
}

/** What the product says. */
export function factsOfProduct({ owners, ledger, waterfall, warnings, additions, negatives }: PricedByProduct): Facts {
  const owned = new Set(owners.map((row) => `owner ${deliveredIdOf(row)} ${row.x_Owner}`));
  const pieces = Map.groupBy(ledger, deliveredIdOf);
  const steps = Map.groupBy(
    waterfall.filter((row) => row.x_Applied === 'true' && row.x_Stage === 'rule'),
    (row) => [deliveredIdOf(row), row.x_BillingRuleId, row.x_BillingRuleVersion].join(' '),
  );
  return [
    ...owned,
    ...[...pieces].map(([id, rows]) => writtenLedgerFact(id, rows)),
    ...waterfall
      .filter(({ x_Stage }) => x_Stage === 'commitment')
      .map((row) =>
        policyFact(
          deliveredIdOf(row),
          row.x_Applied === 'true',
          COSTS.map((cost) => added([row], `x_${cost}Delta`)),
        ),
      ),
    ...[...steps].map(([step, rows]) => `waterfall ${step} ${COSTS.map((cost) => added(rows, `x_${cost}Delta`))}`),
    ...warnings.map((row) =>
      warningFact(row.code ?? '', row.customer ?? '', row.rule ?? null, row.otherRule ?? null, Number(row.rows)),
    ),
    ...[...Map.groupBy(negatives, ({ owner }) => owner ?? '')]
      .map(([owner, rows]) => [owner, rows.reduce((sum, { negative }) => sum + Number(negative), 0)] as const)
      .filter(([owner, rows]) => owner.startsWith('cus_') && rows > 0)
      .map(([owner, rows]) => warningFact('negative_result', owner, null, null, rows)),
    ...additions.map((row) =>
      [
        ...['addition', row.rule, row.customer, row.currency, row.ChargeCategory, plain(fixed(row.amount ?? ''))],
        ...[row.ChargePeriodStart?.slice(0, 10), row.ChargePeriodEnd?.slice(0, 10)],
      ].join(' '),
    ),
  ].sort();
}

/** The case that a line of facts is about, by the number that its first id carries. */
export function caseOf(fact: string): number {
  const [, row, rule, customer] = /(?<= )(?:(\d+)-\d\d|rul_(\d{9})\d{3}|cus_(\d{11})\d)(?= |$)/.exec(fact) ?? [];
  return Number(row ?? rule ?? customer);
}

/** Lines that only one of two sides has. */
export function differencesOf(expected: Facts, found: Facts): readonly string[] {
  const [oracle, product] = [new Set(expected), new Set(found)];
  return [
    ...expected.filter((fact) => !product.has(fact)).map((fact) => `oracle:  ${fact}`),
    ...found.filter((fact) => !oracle.has(fact)).map((fact) => `product: ${fact}`),
    ...(expected.length === oracle.size && found.length === product.size ? [] : ['a line is there twice']),
  ];
}

/** Costs of a row that was cut are those of its pieces together; prices are shown where FOCUS has them. */
function ledgerFact({ row, pieces, isStandardPrice, hidesCommitment }: PricedRow): string {
  const total = totalOf(pieces);
  const isUse = row.ChargeCategory === 'Usage' && pieces.length === 1;
  const amounts = AMOUNTS.map((name) => {
    const value = total[name];
    return COSTS.some((cost) => cost === name) || isUse ? text(value) : '-';
  });
  const category = isStandardPrice && row.ChargeCategory !== 'Tax' ? 'Standard' : (row.PricingCategory ?? null);
  return [
    ...['ledger', row.x_RowId, pieces.length, ...amounts, isUse ? category : '-'],
    hidesCommitment ? null : (row.CommitmentDiscountStatus ?? null),
    ...pieces.map(({ quantity }) => text(quantity)),
  ].join(' ');
}

function writtenLedgerFact(id: string, rows: readonly TextRow[]): string {
  const [first = {}] = rows;
  const read = (row: TextRow, name: string) =>
    row.x_FilledColumns?.split(',').includes(name) ? null : (row[name] ?? null);
  const isUse = read(first, 'ChargeCategory') === 'Usage' && rows.length === 1;
  const amounts = AMOUNTS.map((name) => {
    if (!COSTS.some((cost) => cost === name)) return isUse ? text(decimal(read(first, name))) : '-';
    const values = rows.map((row) => decimal(read(row, name)));
    return text(values.every((value) => value === null) ? null : sumOf(values));
  });
  const quantities = rows
    .toSorted((one, other) => ((one.x_RowId ?? '') < (other.x_RowId ?? '') ? -1 : 1))
    .map((row) => text(decimal(read(row, 'PricingQuantity'))));
  return [
    ...['ledger', id, rows.length, ...amounts, isUse ? read(first, 'PricingCategory') : '-'],
    ...[read(first, 'CommitmentDiscountStatus'), ...quantities],
  ].join(' ');
}

/** What a commitment policy changed, or that it could not. */
function policyFacts({ row, amounts, isRepriced, isOnDemandPriceMissing }: PricedRow): readonly string[] {
  if (!isRepriced && !isOnDemandPriceMissing) return [];
  const delta = deltaOf(amounts, amountsOf(row));
  return [
    policyFact(
      row.x_RowId,
      isRepriced,
      COSTS.map((cost) => plain(delta[cost])),
    ),
  ];
}

function policyFact(id: string, isRepriced: boolean, deltas: readonly string[]): string {
  return `policy ${id} ${isRepriced ? 'repriced' : 'as delivered'} ${deltas}`;
}

function waterfallFacts({ row, steps }: PricedRow): readonly string[] {
  return steps.map(
    ({ rule, delta }) =>
      `waterfall ${row.x_RowId} ${rule.id} ${rule.version} ${COSTS.map((cost) => plain(delta[cost]))}`,
  );
}

function warningFact(code: string, customer: string, rule: string | null, other: string | null, rows: number): string {
  return ['warning', code, customer, rule ?? '-', other ?? '-', rows].join(' ');
}

function deliveredIdOf({ x_RowId }: TextRow): string {
  return /^\d+-\d\d/.exec(x_RowId ?? '')?.[0] ?? `unknown row ${x_RowId}`;
}

function added(rows: readonly TextRow[], column: string): string {
  return plain(sumOf(rows.map((row) => decimal(row[column] ?? null))));
}

function decimal(value: string | null): bigint | null {
  return value === null ? null : fixed(value);
}

function text(value: bigint | null): string {
  return value === null ? 'null' : plain(value);
}

import { Day } from '../../domain/day.ts';
import { ImportRefused } from '../import-refused.ts';
import { readXmlTree, type XmlNode } from '../read-xml-tree.ts';

/** How a price book changes a price. */
export const ADJUSTMENTS = ['percentDiscount', 'percentIncrease', 'fixedRate'] as const;
export type Adjustment = (typeof ADJUSTMENTS)[number];

/** What narrows a `Product`, by element name; several of one kind are alternatives, several kinds hold together. */
export const NARROWINGS = [
  'UsageType',
  'Region',
  'Operation',
  'RecordType',
  'InstanceProperties',
  'LineItemDescription',
  'SavingsPlanOfferingType',
] as const;
export type Narrowing = (typeof NARROWINGS)[number];

/** Flags of a rule that a product may override; absent where neither says anything. */
export interface Inclusion {
  readonly includeDataTransfer?: boolean;
  readonly includeRIPurchases?: boolean;
}

/** One product of a rule; `productName` null is every product. */
export interface PriceBookProduct extends Inclusion {
  readonly productName: string | null;
  readonly narrowings: ReadonlyMap<Narrowing, readonly Readonly<Record<string, string>>[]>;
}

/** One rule of a price book. */
export interface PriceBookRule extends Inclusion {
  /** Where it stands, in words. */
  readonly where: string;
  readonly name: string;
  readonly adjustment: Adjustment;
  /** As written. */
  readonly amount: string;
  readonly products: readonly PriceBookProduct[];
}

/** Rules that hold on the same days for the same payers. */
export interface PriceBookGroup {
  readonly startDate: Day | null;
  readonly endDate: Day | null;
  readonly isEnabled: boolean;
  readonly payerAccountIds: readonly string[];
  readonly rules: readonly PriceBookRule[];
}

/**
 * Reads a CloudHealth price book: `CHTBillingRules` › `RuleGroup` › `BillingRule` › `BasicBillingRule`, `Product`.
 * An element or attribute it does not know is refused, since passing over it could change a price.
 *
 * @throws ImportRefused with the line
 */
export function readPriceBook(text: string): readonly PriceBookGroup[] {
  const root = readXmlTree(text);
  if (root.name !== 'CHTBillingRules') throw unknown(root, `<${root.name}> is no price book.`);
  return childrenOf(root, ['RuleGroup'], ['Comment']).map(readGroup);
}

function readGroup(node: XmlNode, index: number): PriceBookGroup {
  const { startDate, endDate, enabled, payerAccounts } = attributesOf(node, [
    'startDate',
    'endDate',
    'enabled',
    'payerAccounts',
  ]);
  return {
    startDate: dayOf(node, startDate),
    endDate: dayOf(node, endDate),
    isEnabled: flagOf(node, 'enabled', enabled) ?? true,
    payerAccountIds: (payerAccounts ?? '')
      .split(',')
      .map((id) => id.trim())
      .filter((id) => id !== ''),
    rules: childrenOf(node, ['BillingRule']).map((rule) => readRule(rule, index + 1)),
  };
}

function readRule(node: XmlNode, group: number): PriceBookRule {
  const { name, ...flags } = attributesOf(node, ['name', 'includeDataTransfer', 'includeRIPurchases']);
  const parts = childrenOf(node, ['BasicBillingRule', 'Product']);
  const [basic, ...more] = parts.filter((part) => part.name === 'BasicBillingRule');
  if (name === undefined || basic === undefined || more.length > 0) {
    throw unknown(node, 'a BillingRule needs a name and exactly one BasicBillingRule.');
  }
  const { billingAdjustment, billingRuleType } = attributesOf(basic, ['billingAdjustment', 'billingRuleType']);
  const adjustment = ADJUSTMENTS.find((one) => one === billingRuleType);
  if (adjustment === undefined || billingAdjustment === undefined) {
    throw unknown(
      basic,
      `a BasicBillingRule needs a billingAdjustment and a billingRuleType of ${ADJUSTMENTS.join(', ')}.`,
    );
  }
  return {
    where: `RuleGroup ${group}, BillingRule "${name}" (line ${node.line})`,
    name,
    adjustment,
    amount: billingAdjustment.trim(),
    ...inclusionOf(node, flags),
    products: parts.filter((part) => part.name === 'Product').map(readProduct),
  };
}

function readProduct(node: XmlNode): PriceBookProduct {
  const { productName, ...flags } = attributesOf(node, ['productName', 'includeDataTransfer', 'includeRIPurchases']);
  const narrowings = new Map<Narrowing, Readonly<Record<string, string>>[]>();
  for (const child of childrenOf(node, NARROWINGS)) {
    const kind = NARROWINGS.find((one) => one === child.name);
    if (kind !== undefined) narrowings.set(kind, [...(narrowings.get(kind) ?? []), child.attributes]);
  }
  const isAny = productName === undefined || productName === '' || productName === 'ANY';
  return { productName: isAny ? null : productName, narrowings, ...inclusionOf(node, flags) };
}

function inclusionOf(
  node: XmlNode,
  { includeDataTransfer, includeRIPurchases }: Readonly<Record<string, string | undefined>>,
): Inclusion {
  const transfer = flagOf(node, 'includeDataTransfer', includeDataTransfer);
  const purchases = flagOf(node, 'includeRIPurchases', includeRIPurchases);
  return {
    ...(transfer === undefined ? {} : { includeDataTransfer: transfer }),
    ...(purchases === undefined ? {} : { includeRIPurchases: purchases }),
  };
}

function childrenOf(node: XmlNode, wanted: readonly string[], passedOver: readonly string[] = []): readonly XmlNode[] {
  for (const child of node.children) {
    if (!wanted.includes(child.name) && !passedOver.includes(child.name)) {
      throw unknown(child, `<${child.name}> is not known inside <${node.name}>.`);
    }
  }
  return node.children.filter((child) => wanted.includes(child.name));
}

function attributesOf<Name extends string>(node: XmlNode, known: readonly Name[]): { [Key in Name]?: string } {
  const names: readonly string[] = known;
  for (const name of Object.keys(node.attributes)) {
    if (!names.includes(name)) throw unknown(node, `the attribute ${name} is not known on <${node.name}>.`);
  }
  return Object.fromEntries(
    known.flatMap((name) => (node.attributes[name] === undefined ? [] : [[name, node.attributes[name]]])),
  ) as { [Key in Name]?: string };
}

function flagOf(node: XmlNode, name: string, value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (value === 'true' || value === 'false') return value === 'true';
  throw unknown(node, `${name} is "true" or "false", not "${value}".`);
}

function dayOf(node: XmlNode, value: string | undefined): Day | null {
  if (value === undefined || value === '') return null;
  const day = Day.safeParse(value);
  if (!day.success) throw unknown(node, `"${value}" is not a day (yyyy-mm-dd).`);
  return day.data;
}

function unknown(node: XmlNode, what: string): ImportRefused {
  return new ImportRefused({ where: `line ${node.line}`, what, next: 'Mend it, or take it out, and import again.' });
}

import { CLOUDS, type Cloud } from './clouds.ts';

/** A sub account of the sample, with the provider it belongs to. */
export interface SampleSubAccount {
  readonly cloud: Cloud;
  readonly id: string;
  readonly name: string;
}

/** One customer of the sample and the sub accounts it owns; `from`/`to` are first and last day, both inclusive. */
export interface SampleCustomer {
  readonly name: string;
  readonly subAccounts: readonly { readonly id: string; readonly from?: string; readonly to?: string }[];
}

const NAMES = [
  'Alder Logistics',
  'Birch Bank',
  'Cedar Clinics',
  'Damson Foods',
  'Elm Energy',
  'Fir & Söhne',
  'Gorse Games',
  'Hazel Hotels',
  'Ivy Insurance',
  'Juniper Retail',
  'Kauri Media',
  'Larch Labs',
] as const;

const [AWS, AZURE, GOOGLE] = CLOUDS;

/** Who plays in the sample of one month (`yyyy-mm`). */
export interface Cast {
  readonly subAccounts: readonly [SampleSubAccount, ...SampleSubAccount[]];
  readonly customers: readonly SampleCustomer[];
  /** The partner's own sub account: its commitments are bought here. */
  readonly partnerSubAccount: SampleSubAccount;
}

/**
 * Twelve customers with an AWS account each (ids with leading zeros among them), half with a subscription, a third with
 * a project; one account moves from the first customer to the second on the 16th; one account belongs to nobody.
 */
export function castOf(period: string): Cast {
  const aws = (index: number, name: string): SampleSubAccount => ({
    cloud: AWS,
    id: String(11_000_000_000 + index * 1_000_037).padStart(12, '0'),
    name,
  });
  const customers = NAMES.map((name, index) => {
    const owned = [aws(index, `${name} production`)];
    if (index % 2 === 0)
      owned.push({ cloud: AZURE, id: `5b0e0000-0000-4000-8000-0000000000${index + 10}`, name: `${name} apps` });
    if (index % 3 === 0) owned.push({ cloud: GOOGLE, id: `${slug(name)}-data`, name: `${name} data` });
    return { name, owned };
  });
  const moving = aws(50, 'Shared analytics');
  const orphan = aws(60, 'Sandbox of nobody');
  const own = aws(70, 'Acme shared services');
  const all = [...customers.flatMap(({ owned }) => owned), moving, orphan, own];
  return {
    subAccounts: [own, ...all.filter((one) => one !== own)],
    customers: customers.map(({ name, owned }, index) => ({
      name,
      subAccounts: [
        ...owned.map(({ id }) => ({ id })),
        ...(index === 0 ? [{ id: moving.id, to: `${period}-15` }] : []),
        ...(index === 1 ? [{ id: moving.id, from: `${period}-16` }] : []),
      ],
    })),
    partnerSubAccount: own,
  };
}

function slug(name: string): string {
  return name.toLowerCase().replace(/[^a-z]+/g, '-');
}

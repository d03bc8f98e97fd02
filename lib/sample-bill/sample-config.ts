import { castOf } from './cast.ts';

/** The configuration that goes with the sample of a month, in the split command's own form (`docs/split.md`). */
export function sampleConfig(period: string) {
  const { customers, partnerSubAccount } = castOf(period);
  const startDate = `${period}-01`;
  return {
    partner: { name: 'Acme Cloud', currency: 'USD', subAccounts: [partnerSubAccount.id] },
    customers,
    rules: [
      {
        name: 'Tax is ours to state',
        type: 'back_out',
        startDate,
        customers: 'all',
        filter: { field: 'ChargeCategory', op: 'in', values: ['Tax'] },
      },
      {
        name: 'Promotional credits stay with us',
        type: 'back_out',
        startDate,
        customers: ['Birch Bank', 'Elm Energy'],
        filter: { field: 'ChargeCategory', op: 'in', values: ['Credit'] },
      },
      {
        name: 'List price, databases',
        type: 'adjust_to_list',
        startDate,
        customers: 'all',
        filter: {
          all: [
            { field: 'ServiceCategory', op: 'in', values: ['Databases'] },
            { not: { field: 'Tags', key: 'env', op: 'in', values: ['dev'] } },
          ],
        },
      },
      {
        name: 'List plus five on AWS compute',
        type: 'adjust_to_list',
        startDate,
        customers: ['Alder Logistics', 'Cedar Clinics', 'Gorse Games'],
        filter: {
          all: [
            { field: 'x_CloudProvider', op: 'in', values: ['aws'] },
            { field: 'ServiceCategory', op: 'in', values: ['Compute'] },
          ],
        },
        offsetPercent: '5',
      },
      { name: 'Margin', type: 'rerate', base: 'billed_cost', startDate, customers: 'all', offsetPercent: '7.5' },
      {
        name: 'Management fee',
        type: 'charge',
        startDate,
        customers: 'all',
        amount: '250',
        serviceName: 'Acme Managed Services',
        frequency: 'monthly',
      },
    ],
  };
}

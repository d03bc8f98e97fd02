/** One thing that can be bought of a provider in the sample. */
export interface Offer {
  readonly service: string;
  readonly category: string;
  readonly subcategory: string;
  readonly meter: string;
  readonly unit: string;
  /** List price of one unit, a plain decimal. */
  readonly listUnitPrice: string;
  readonly resourceType: string;
}

/** One provider as it appears in the sample: names as the providers themselves write them in FOCUS exports. */
export interface Cloud {
  readonly provider: string;
  readonly issuer: string;
  readonly payerId: string;
  readonly payerName: string;
  readonly subAccountType: string;
  readonly regions: readonly [Region, ...Region[]];
  readonly offers: readonly [Offer, ...Offer[]];
  readonly commitment: {
    readonly type: string;
    readonly category: 'Spend' | 'Usage';
    readonly id: string;
    readonly name: string;
  };
}

interface Region {
  readonly id: string;
  readonly name: string;
}

const compute = { category: 'Compute', subcategory: 'Virtual Machines', unit: 'Hours' } as const;
const storage = { category: 'Storage', subcategory: 'Object Storage', unit: 'GB-Hours' } as const;
const database = { category: 'Databases', subcategory: 'Relational Databases', unit: 'Hours' } as const;
const network = { category: 'Networking', subcategory: 'Content Delivery', unit: 'GB' } as const;

/** The three providers of the sample. Prices are made up. */
export const CLOUDS: readonly [Cloud, Cloud, Cloud] = [
  {
    provider: 'AWS',
    issuer: 'Amazon Web Services, Inc.',
    payerId: '900000000001',
    payerName: 'Acme Cloud payer',
    subAccountType: 'AWS Account',
    regions: [
      { id: 'eu-central-1', name: 'EU (Frankfurt)' },
      { id: 'us-east-1', name: 'US East (N. Virginia)' },
    ],
    offers: [
      {
        service: 'Amazon EC2',
        ...compute,
        meter: 'BoxUsage:m5.large',
        listUnitPrice: '0.115',
        resourceType: 'Instance',
      },
      {
        service: 'Amazon EC2',
        ...compute,
        meter: 'BoxUsage:c6i.xlarge',
        listUnitPrice: '0.194',
        resourceType: 'Instance',
      },
      {
        service: 'Amazon S3',
        ...storage,
        meter: 'TimedStorage-ByteHrs',
        listUnitPrice: '0.000034',
        resourceType: 'Bucket',
      },
      {
        service: 'Amazon RDS',
        ...database,
        meter: 'InstanceUsage:db.t3.medium',
        listUnitPrice: '0.082',
        resourceType: 'DB Instance',
      },
      {
        service: 'Amazon CloudFront',
        ...network,
        meter: 'DataTransfer-Out-Bytes',
        listUnitPrice: '0.085',
        resourceType: 'Distribution',
      },
    ],
    commitment: {
      type: 'Compute Savings Plan',
      category: 'Spend',
      id: 'arn:aws:savingsplans::900000000001:savingsplan/0f3a2b1c',
      name: 'Compute Savings Plan, 1 year',
    },
  },
  {
    provider: 'Microsoft',
    issuer: 'Microsoft',
    payerId: 'acme-mca-profile',
    payerName: 'Acme Cloud billing profile',
    subAccountType: 'Subscription',
    regions: [
      { id: 'westeurope', name: 'West Europe' },
      { id: 'northeurope', name: 'North Europe' },
    ],
    offers: [
      {
        service: 'Virtual Machines',
        ...compute,
        meter: 'D2s v5',
        listUnitPrice: '0.119',
        resourceType: 'Virtual machine',
      },
      {
        service: 'Storage Accounts',
        ...storage,
        meter: 'Hot LRS Data Stored',
        listUnitPrice: '0.000028',
        resourceType: 'Storage account',
      },
      {
        service: 'Azure SQL Database',
        ...database,
        meter: 'vCore',
        listUnitPrice: '0.252',
        resourceType: 'SQL database',
      },
    ],
    commitment: {
      type: 'Reservation',
      category: 'Usage',
      id: '/providers/Microsoft.Capacity/reservationOrders/4d1f/reservations/77aa',
      name: 'D2s v5, 1 year',
    },
  },
  {
    provider: 'Google Cloud',
    issuer: 'Google Cloud EMEA Limited',
    payerId: '01A2B3-C4D5E6-F70819',
    payerName: 'Acme Cloud billing account',
    subAccountType: 'Project',
    regions: [{ id: 'europe-west3', name: 'Frankfurt' }],
    offers: [
      {
        service: 'Compute Engine',
        ...compute,
        meter: 'N2 Instance Core',
        listUnitPrice: '0.038',
        resourceType: 'Instance',
      },
      {
        service: 'Cloud Storage',
        ...storage,
        meter: 'Standard Storage',
        listUnitPrice: '0.00003',
        resourceType: 'Bucket',
      },
      {
        service: 'BigQuery',
        category: 'Analytics',
        subcategory: 'Data Warehouses',
        unit: 'TiB',
        meter: 'Analysis',
        listUnitPrice: '6.25',
        resourceType: 'Dataset',
      },
    ],
    commitment: {
      type: 'Committed Use Discount',
      category: 'Usage',
      id: 'projects/acme-shared/regions/europe-west3/commitments/n2-1y',
      name: 'N2, 1 year',
    },
  },
];

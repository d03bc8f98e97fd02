/** A piece of software that nobody here wrote, and what it can say of ours. */
export interface Judge {
  readonly name: string;
  readonly version: string;
  /** What its verdict is worth. */
  readonly says: string;
  /** What it would not notice. */
  readonly cannotSay: string;
}

/** All of them, in the order of the table. Versions are pinned: what they find moves with them. */
export const JUDGES = {
  cdkNag: {
    name: 'CDK validation, cdk-nag',
    version: '3.0.2',
    says: 'open routes, wildcards in grants, missing encryption',
    cannotSay: 'whether a grant is needed',
  },
  cfnLint: {
    name: 'cfn-lint',
    version: '1.58.0',
    says: 'unknown properties and values, runtimes, fields of JSONata states',
    cannotSay: 'a `Next` that leads nowhere; anything of a definition that holds a token',
  },
  checkov: {
    name: 'checkov',
    version: '3.3.30',
    says: 'open buckets, `*` in IAM, old runtimes',
    cannotSay: 'open routes',
  },
  aslValidator: {
    name: 'asl-validator',
    version: '4.0.0',
    says: 'the structure of state machines: every state is reached and leads somewhere',
    cannotSay: 'what a JSONata expression means',
  },
  redocly: {
    name: 'redocly',
    version: '2.77.0',
    says: 'that the OpenAPI document is one, under `recommended-strict`',
    cannotSay: 'what the API does',
  },
  openapiTypescript: {
    name: 'openapi-typescript',
    version: '7.13.0',
    says: 'that types made of the document compile, and that they are the answers’',
    cannotSay: 'what the API does',
  },
  schemathesis: {
    name: 'schemathesis',
    version: '4.32.5',
    says: 'that answers are as documented, whatever is asked: status, headers, body',
    cannotSay: 'whose data is in an answer; whether an amount is right',
  },
  focusValidator: {
    name: 'focus-validator',
    version: '2.2.1',
    says: 'the shape of FOCUS 1.2 files: columns, types, nulls, what depends on what',
    cannotSay: 'allowed values; price × quantity',
  },
  ministack: {
    name: 'ministack',
    version: '1.5.33',
    says: 'that the template deploys as it is, is updated and rolled back, and that the whole flow runs on it',
    cannotSay: 'SQL, heartbeats, a token’s freshness, 256 KiB, the rights of state machines, Athena and EventBridge',
  },
  trino: {
    name: 'Trino',
    version: '435',
    says: 'the SQL, its types and digits, as the engine family of Athena understands them',
    cannotSay: 'Athena’s limits (100 partitions, 262,144 bytes of text, quotas)',
  },
  awsDocumentation: {
    name: 'AWS’s documentation',
    version: '2026-11',
    says: 'what each behaviour of our stand-ins has to be: [one by one](behaviours.md)',
    cannotSay: 'what AWS does where it is silent',
  },
  dynamoDbLocal: {
    name: 'DynamoDB Local',
    version: '2.6.1',
    says: 'that our DynamoDB answers as AWS’s own download does',
    cannotSay: 'quotas, point-in-time recovery',
  },
  elasticMq: {
    name: 'ElasticMQ',
    version: '1.7.1',
    says: 'that our SQS answers as another does',
    cannotSay: 'encryption, policies',
  },
  s3proxy: {
    name: 's3proxy',
    version: '4.1.0',
    says: 'that our S3 answers as another does',
    cannotSay: 'versions, tags, events',
  },
} as const satisfies Record<string, Judge>;

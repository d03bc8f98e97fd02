import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { EnvName } from '../../lib/names/environment.ts';
import { TABLE_ATTRIBUTES } from '../../lib/names/table-attributes.ts';
import type { ApportionFunction } from './apportion-function.ts';

/**
 * What a function may do with records. A transaction needs the right to each action in it (DynamoDB guide, "IAM with
 * transactions"); nobody gets a right to what no code of it does, and a test holds that.
 */
export type RecordAction =
  | 'BatchGetItem'
  | 'ConditionCheckItem'
  | 'DeleteItem'
  | 'GetItem'
  | 'PutItem'
  | 'Query'
  | 'UpdateItem';

/** What differs from table to table. */
export interface RecordTableProps {
  /** The variable that tells a function the table's name. */
  readonly envName: EnvName;
  /** Whether DynamoDB may delete items whose time has come. */
  readonly itemsExpire: boolean;
  /** Whether it has the index for lists, newest first. */
  readonly listed: boolean;
}

/** A DynamoDB table of records under (pk, sk). Nobody gets `Scan`: every list is a keyed query. */
export class RecordTable extends Construct {
  readonly table: Table;
  readonly #envName: EnvName;

  constructor(scope: Construct, id: string, props: RecordTableProps) {
    super(scope, id);
    this.#envName = props.envName;
    this.table = new Table(this, 'Table', {
      partitionKey: { name: TABLE_ATTRIBUTES.partitionKey, type: AttributeType.STRING },
      sortKey: { name: TABLE_ATTRIBUTES.sortKey, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      ...(props.itemsExpire ? { timeToLiveAttribute: TABLE_ATTRIBUTES.timeToLive } : {}),
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    if (!props.listed) return;
    this.table.addGlobalSecondaryIndex({
      indexName: TABLE_ATTRIBUTES.listIndex,
      partitionKey: { name: TABLE_ATTRIBUTES.listKey, type: AttributeType.STRING },
      sortKey: { name: TABLE_ATTRIBUTES.listSort, type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
  }

  /** Lets `fn` do these things with records, and tells it where they are. */
  grant(fn: ApportionFunction, actions: readonly RecordAction[]): void {
    fn.allow({ actions: actions.map((action) => `dynamodb:${action}`), resources: [this.table.tableArn] });
    fn.setEnvironment({ [this.#envName]: this.table.tableName });
  }

  /** Lets `reader` query the index for lists; what it names is then got record by record. */
  grantList(reader: ApportionFunction): void {
    reader.allow({
      actions: ['dynamodb:Query'],
      resources: [`${this.table.tableArn}/index/${TABLE_ATTRIBUTES.listIndex}`],
    });
  }
}

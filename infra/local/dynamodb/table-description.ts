import { z } from 'zod';
import type { SettingsByTable } from './table-settings.ts';

/** Where dynalite believes to be. */
const DYNALITE_ARN = /^arn:aws:dynamodb:[^:]*:\d*:/;

const Described = z.looseObject({ TableName: z.string(), TableArn: z.string() });
const Index = z.looseObject({ IndexArn: z.string() });

/** Puts the right account into a table's ARNs, and adds what dynalite does not keep. */
export function tableDescriber(region: string, accountId: string, settings: SettingsByTable) {
  const rightArn = (arn: string) => arn.replace(DYNALITE_ARN, `arn:aws:dynamodb:${region}:${accountId}:`);
  const rightIndexes = (indexes: unknown) =>
    indexes === undefined
      ? undefined
      : z
          .array(Index)
          .parse(indexes)
          .map((index) => ({ ...index, IndexArn: rightArn(index.IndexArn) }));
  return (description: unknown) => {
    const table = Described.parse(description);
    const { stream } = settings.get(table.TableName);
    const TableArn = rightArn(table.TableArn);
    return {
      ...table,
      TableArn,
      GlobalSecondaryIndexes: rightIndexes(table.GlobalSecondaryIndexes),
      LocalSecondaryIndexes: rightIndexes(table.LocalSecondaryIndexes),
      ...(stream && {
        StreamSpecification: stream.specification,
        LatestStreamLabel: stream.label,
        LatestStreamArn: `${TableArn}/stream/${stream.label}`,
      }),
    };
  };
}

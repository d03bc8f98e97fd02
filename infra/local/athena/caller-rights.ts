import type { Gate } from '../iam/gate.ts';
import type { Principal } from '../iam/principal.ts';
import type { Home } from '../iam/services/access-table.ts';
import { type GlueAction, glueAccesses } from '../iam/services/glue-accesses.ts';
import { s3Access } from '../iam/services/s3-accesses.ts';
import type { Objects } from '../s3/objects.ts';

/** Athena at work for one caller: what it touches in S3 and Glue, it touches with that caller's rights. */
export interface CallerRights {
  /** The objects, each asked for by itself. */
  readonly objects: Objects;
  /** Athena looks where a bucket is before it reads or writes there. @throws AccessDenied */
  requireBucketLocation(bucket: string): void;
  /** @throws AccessDenied */
  requireGlue(action: GlueAction, database: string, table?: string): void;
}

/** The rights of whoever asks a query. */
export type RightsOf = (caller: Principal) => CallerRights;

/** For a stand-in that runs alone: everybody may. */
export function unchecked(objects: Objects): RightsOf {
  return () => ({ objects, requireBucketLocation: () => {}, requireGlue: () => {} });
}

/**
 * Rights as the gate sees them.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html
 * @see https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html
 */
export function rightsAtGate(gate: Gate, home: Home, objects: Objects): RightsOf {
  return (caller) => {
    const require = (action: string, bucket: string, key: string, prefix?: string) =>
      gate.require(caller, [s3Access({ action, bucket, key, prefix })]);
    return {
      objects: {
        find: (bucket, key) => {
          require('s3:GetObject', bucket, key);
          return objects.find(bucket, key);
        },
        list: (bucket, prefix) => {
          require('s3:ListBucket', bucket, '', prefix);
          return objects.list(bucket, prefix);
        },
        adopt: async (bucket, key, path) => {
          require('s3:PutObject', bucket, key);
          return objects.adopt(bucket, key, path);
        },
      },
      requireBucketLocation: (bucket) => require('s3:GetBucketLocation', bucket, ''),
      requireGlue: (action, database, table) => gate.require(caller, glueAccesses(home, action, database, table)),
    };
  };
}

import type { ExistenceOperator, ValueOperator } from '../../domain/condition.ts';
import { join, type Sql, sql } from '../../sql/sql.ts';
import { wildcardPattern } from '../../sql/wildcard-pattern.ts';
import { matchesWildcard } from './matches-wildcard.ts';
import { matchesPattern } from './patterns.ts';

/** What an operator says of a value, in SQL and in memory. Both are true or false on every subject, null included. */
interface OperatorMeaning {
  readonly compile: (subject: Sql, values: readonly string[]) => Sql;
  readonly holds: (subject: string | null, values: readonly string[]) => boolean;
}

/** Every operator; the two columns are held together by a property test that runs both. */
export const OPERATORS: { readonly [Op in ValueOperator | ExistenceOperator]: OperatorMeaning } = {
  in: {
    compile: (subject, values) => sql`(${subject} IS NOT NULL AND ${subject} IN (${literals(values)}))`,
    holds: (subject, values) => subject !== null && values.includes(subject),
  },
  notIn: {
    compile: (subject, values) => sql`(${subject} IS NULL OR ${subject} NOT IN (${literals(values)}))`,
    holds: (subject, values) => subject === null || !values.includes(subject),
  },
  startsWith: {
    compile: (subject, values) => anyValue(subject, values, (value) => sql`starts_with(${subject}, ${value})`),
    holds: (subject, values) => subject !== null && values.some((value) => subject.startsWith(value)),
  },
  contains: {
    compile: (subject, values) => anyValue(subject, values, (value) => sql`strpos(${subject}, ${value}) > 0`),
    holds: (subject, values) => subject !== null && values.some((value) => subject.includes(value)),
  },
  wildcard: {
    compile: (subject, values) =>
      anyValue(subject, values, (value) => sql`regexp_like(${subject}, ${wildcardPattern(value)})`),
    holds: (subject, values) => subject !== null && values.some((value) => matchesWildcard(subject, value)),
  },
  matches: {
    compile: (subject, values) => anyValue(subject, values, (value) => sql`regexp_like(${subject}, ${value})`),
    holds: (subject, values) => subject !== null && values.some((value) => matchesPattern(subject, value)),
  },
  exists: {
    compile: (subject) => sql`${subject} IS NOT NULL`,
    holds: (subject) => subject !== null,
  },
  notExists: {
    compile: (subject) => sql`${subject} IS NULL`,
    holds: (subject) => subject === null,
  },
};

function literals(values: readonly string[]): Sql {
  return join(values.map((value) => sql`${value}`));
}

function anyValue(subject: Sql, values: readonly string[], test: (value: string) => Sql): Sql {
  return sql`(${subject} IS NOT NULL AND (${join(values.map(test), ' OR ')}))`;
}

/**
 * What compiled rules call and Trino does not have, as functions of a statement (Trino 435: `WITH FUNCTION`): the same
 * long division over whole numbers as `lib/sql/duckdb-macros.ts`, in Trino's types.
 */
const WHOLE = 'decimal(38,0)';
const MONEY = 'decimal(28,12)';
const NINE_DIGITS = `CAST('1000000000' AS ${WHOLE})`;

const limbOf = (place: number) =>
  `${quotient('x', `CAST('1${'0'.repeat(9 * place)}' AS ${WHOLE})`)} % ${NINE_DIGITS} * p`;

function quotient(of: string, by: string): string {
  return `((${of} - ${of} % ${by}) / ${by})`;
}

const units = (name: string) => `CAST(replace(CAST(abs(${name}) AS varchar), '.', '') AS ${WHOLE})`;

const FUNCTIONS = `WITH
FUNCTION text_sha256(s varchar) RETURNS varchar RETURNS NULL ON NULL INPUT
  RETURN lower(to_hex(sha256(to_utf8(s)))),
FUNCTION part_of(a ${MONEY}, b ${MONEY}, c ${MONEY}) RETURNS decimal(38,12) RETURNS NULL ON NULL INPUT
  BEGIN
    DECLARE x ${WHOLE} DEFAULT ${units('a')};
    DECLARE p ${WHOLE} DEFAULT ${units('b')};
    DECLARE w ${WHOLE} DEFAULT ${units('c')};
    DECLARE step ${WHOLE};
    DECLARE found ${WHOLE};
    SET step = ${limbOf(3)};
    SET found = ${quotient('step', 'w')};
    SET step = step % w * ${NINE_DIGITS} + ${limbOf(2)};
    SET found = found * ${NINE_DIGITS} + ${quotient('step', 'w')};
    SET step = step % w * ${NINE_DIGITS} + ${limbOf(1)};
    SET found = found * ${NINE_DIGITS} + ${quotient('step', 'w')};
    SET step = step % w * ${NINE_DIGITS} + ${limbOf(0)};
    SET found = found * ${NINE_DIGITS} + ${quotient('step', 'w')};
    IF step % w * 2 >= w THEN
      SET found = found + 1;
    END IF;
    RETURN CASE WHEN ((a < 0) <> (b < 0)) <> (c < 0) THEN -1 ELSE 1 END
      * CAST(found * CAST('0.000000000001' AS decimal(12,12)) AS ${MONEY});
  END
`;

/**
 * A SELECT of compiled rules in Trino's words. Functions stand before it only where it calls one: Trino plans them
 * anyway. It takes no lambda inside a function, so `customer_tags` is written out.
 */
export function inTrinosWords(sql: string): string {
  const functions = /\b(part_of|text_sha256)\(/.test(sql) ? FUNCTIONS : '';
  return `${functions}${withCustomerTags(sql)}`;
}

function withCustomerTags(sql: string): string {
  return sql.replaceAll(
    /customer_tags\(([^,()]+), ('(?:[^']|'')*')\)/g,
    'json_format(CAST(map_filter($1, (tag, was) -> NOT regexp_like(tag, $2)) AS JSON))',
  );
}

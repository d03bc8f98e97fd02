/** Exponents that `plainNumber` moves a point by; ConvertFiles refuses a number with a larger one, in either direction. */
export const EXPONENT_MAX = 60;

/** More zeros than any point is moved. */
const ZEROS = `lpad('', ${EXPONENT_MAX + 4}, '0')`;

/**
 * A number's text without E notation: the digits between zeros, cut where the exponent puts the point. DuckDB rounds a
 * text with an exponent wrongly where its digits go beyond the type's scale (`CAST('5E-25' AS DECIMAL(28,12))` is
 * 0.000000000001), so no text with an exponent is ever cast.
 *
 * @param text an expression; a value without an exponent, also null, stays as it is.
 */
export function plainNumber(text: string): string {
  const unsigned = `replace(replace(split_part(lower(${text}), 'e', 1), '-', ''), '+', '')`;
  const digits = `${ZEROS} || replace(${unsigned}, '.', '') || ${ZEROS}`;
  const exponent = `CAST(split_part(lower(${text}), 'e', 2) AS INTEGER)`;
  const point = `${EXPONENT_MAX + 4} + length(split_part(${unsigned}, '.', 1)) + ${exponent}`;
  const sign = `CASE WHEN strpos(${text}, '-') = 1 THEN '-' ELSE '' END`;
  const moved = `${sign} || substr(${digits}, 1, ${point}) || '.' || substr(${digits}, ${point} + 1)`;
  return `CASE WHEN strpos(lower(${text}), 'e') > 0 THEN ${moved} ELSE ${text} END`;
}

/**
 * An id as two spellings of it are compared: letters A to Z do not tell ids apart, other letters do (`pricing.md` §4), so
 * JavaScript's own lower case would join ids of two customers.
 */
export function foldedId(id: string): string {
  return id.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

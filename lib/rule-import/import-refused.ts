/**
 * The source cannot be imported at all: nothing of it is. `where` is a line or a path into the source, `next` what the
 * user can do.
 */
export class ImportRefused extends Error {
  readonly where: string;
  readonly next: string;

  constructor({ where, what, next }: { where: string; what: string; next: string }) {
    super(`${where}: ${what} ${next}`);
    this.name = 'ImportRefused';
    this.where = where;
    this.next = next;
  }
}

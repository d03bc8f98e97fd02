import type { Page } from '../ports/run-store.ts';

/** A store's page as the API answers it, each item in the answer's own shape. */
export function answerPage<Item, Answer>(
  page: Page<Item>,
  answer: (item: Item) => Answer,
): { items: Answer[]; nextCursor?: string } {
  const items = page.items.map(answer);
  return page.cursor === undefined ? { items } : { items, nextCursor: page.cursor };
}

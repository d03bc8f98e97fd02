import type { CustomerId } from '../domain/ids.ts';

/** What the holder of a token's `sub` may do. */
export type User =
  | { readonly sub: string; readonly role: 'partner' }
  | { readonly sub: string; readonly role: 'customer'; readonly customerId: CustomerId };

/** Users by the `sub` of their tokens. */
export interface UserStore {
  find(sub: string): Promise<User | undefined>;
  put(user: User): Promise<void>;
}

import type { AnswerOf, Contract, RequestOf } from '../contracts/contract.ts';

/** An operation's logic: given the world, answers parsed requests. Throws `Problem` for what the caller did wrong. */
export type UseCase<C extends Contract> = (request: RequestOf<C>) => Promise<AnswerOf<C>>;

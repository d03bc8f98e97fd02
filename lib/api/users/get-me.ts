import type { getMe as contract } from '../../contracts/users/get-me.ts';
import type { UseCase } from '../use-case.ts';

/** Answers who the caller is, as proved for this request. */
export const getMe =
  (): UseCase<typeof contract> =>
  async ({ caller }) => ({ body: { ...caller } });

import { contract } from '../contract.ts';
import { UserAnswer, UserInput, UserPath } from './user.ts';

/** Says what the holder of a token's `sub` may do. Role and customer never come from the token itself. */
export const putUser = contract({
  operationId: 'putUser',
  method: 'PUT',
  path: '/v1/users/{sub}',
  tag: 'Users',
  summary: 'Give a user its role',
  roles: ['partner'],
  params: UserPath,
  body: UserInput,
  status: 200,
  answer: UserAnswer,
  problems: ['not_found'],
});

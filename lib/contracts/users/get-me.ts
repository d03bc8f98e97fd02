import { contract } from '../contract.ts';
import { UserAnswer } from './user.ts';

/** Who the caller is to us. */
export const getMe = contract({
  operationId: 'getMe',
  method: 'GET',
  path: '/v1/me',
  tag: 'Users',
  summary: 'Who am I',
  roles: ['partner', 'customer'],
  status: 200,
  answer: UserAnswer,
  problems: [],
});

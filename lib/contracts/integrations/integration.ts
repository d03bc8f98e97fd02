import { z } from 'zod';
import { Integration } from '../../domain/integration.ts';

/** What a caller gives of an integration. */
export const IntegrationInput = Integration.pick({ id: true, name: true, format: true, delivery: true }).meta({
  id: 'IntegrationInput',
  example: { id: 'aws-main', name: 'AWS payer', format: 'focus', delivery: 'data_exports' },
});

/** An integration as answered. */
export const IntegrationAnswer = z.object(Integration.shape).meta({ id: 'Integration' });

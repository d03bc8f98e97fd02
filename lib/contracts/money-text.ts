import { z } from 'zod';

/** An exact amount: a decimal string without exponent or trailing zeros, never a JSON number. */
export const MoneyText = z
  .string()
  .regex(/^-?\d+(?:\.\d*[1-9])?$/)
  .meta({ id: 'MoneyText', description: 'An exact decimal amount.', example: '20.52022672899' });

/** A billing currency, ISO 4217 alpha-3. */
export const CurrencyCode = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .meta({ description: 'ISO 4217 alpha-3.', example: 'USD' });

import { identifiers } from '../../sql/identifiers.ts';

/** What the ledger knows of a priced row beside its columns; the relation `issued` is `priced` with these. */
export const issuedColumn = identifiers(['x_CustomerName', 'x_IsPriceChanged', 'x_IsPriced', 'x_PricingCategory']);

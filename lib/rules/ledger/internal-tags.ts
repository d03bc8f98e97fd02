/**
 * Tag keys that the provider gives and not the customer, by the prefixes FOCUS has providers reserve (FOCUS 1.2, Tags):
 * they name the provider's own users, stacks and bookkeeping. A regular expression over the key.
 */
export const INTERNAL_TAG_KEY =
  '^(?i:aws:|aws_|azure:|hidden-|microsoft\\.|ms-resource-usage|gcp:|goog-|k8s-io-cluster|oci:|oracle-tags\\.)';

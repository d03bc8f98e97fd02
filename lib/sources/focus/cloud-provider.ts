/**
 * The cloud behind a ProviderName as providers and partners write it ("AWS", "Amazon Web Services, Inc.", "Microsoft",
 * "Google Cloud", "Oracle"); null where the row names no provider. Only `lower` is used: the engines disagree on `upper`.
 */
export function cloudProvider(providerName: string): string {
  const name = `lower(${providerName})`;
  const has = (word: string) => `strpos(${name}, '${word}') > 0`;
  return [
    `CASE WHEN ${providerName} IS NULL THEN CAST(NULL AS VARCHAR)`,
    `WHEN ${name} = 'aws' OR strpos(${name}, 'aws ') = 1 OR ${has('amazon')} THEN 'aws'`,
    `WHEN ${has('microsoft')} OR ${has('azure')} THEN 'azure'`,
    `WHEN ${name} = 'gcp' OR ${has('google')} THEN 'gcp'`,
    `WHEN ${name} = 'oci' OR ${has('oracle')} THEN 'oci'`,
    "ELSE 'other' END",
  ].join(' ');
}

import { CONTRACTS } from '../contracts/all-contracts.ts';
import type { Contract } from '../contracts/contract.ts';
import { PROBLEMS } from '../domain/problem.ts';

/** A page that lists every operation, who may call it, and every problem with what to do: the contracts, for people. */
export function docsPage(): string {
  const byTag = Map.groupBy(Object.values<Contract>(CONTRACTS), ({ tag }) => tag);
  const sections = [...byTag].map(
    ([tag, contracts]) => `<h2>${escapeHtml(tag)}</h2><table>${contracts.map(operationRow).join('')}</table>`,
  );
  const problems = Object.entries(PROBLEMS).map(
    ([code, { status, title, next }]) =>
      `<tr><td><code>${escapeHtml(code)}</code></td><td>${status}</td><td>${escapeHtml(title)}. ${escapeHtml(next)}</td></tr>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Apportion API</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}td{border-top:1px solid #ddd;padding:.4rem .6rem;vertical-align:top}code{white-space:nowrap}</style>
<h1>Apportion API</h1><p>The contract for machines: <a href="openapi.json">openapi.json</a> (OpenAPI 3.1). Send an access token as
<code>Authorization: Bearer …</code>. Amounts are decimal strings; a change of what exists needs <code>If-Match</code>.</p>
${sections.join('\n')}<h2>Problems</h2><table>${problems.join('')}</table></html>`;
}

function operationRow({ method, path, summary, roles }: Contract): string {
  return `<tr><td><code>${method} ${escapeHtml(path)}</code></td><td>${escapeHtml(summary)}</td><td>${roles.join(', ')}</td></tr>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

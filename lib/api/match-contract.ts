import { CONTRACTS } from '../contracts/all-contracts.ts';
import type { Contract } from '../contracts/contract.ts';
import { Problem } from '../domain/problem.ts';

/** Contracts with their paths as patterns; a path without parameters goes before one with. */
const ROUTES = Object.values<Contract>(CONTRACTS)
  .map((contract) => ({ contract, names: namesOf(contract.path), pattern: patternOf(contract.path) }))
  .sort((a, b) => a.names.length - b.names.length);

/**
 * The operation of a method and path, with the path's parameters decoded. Throws Problem `not_found` for an unknown
 * path and `method_not_allowed` for a known one.
 */
export function matchContract(method: string, path: string): { contract: Contract; params: Record<string, string> } {
  const matching = ROUTES.filter(({ pattern }) => pattern.test(path));
  const route = matching.find(({ contract }) => contract.method === method);
  if (route) return { contract: route.contract, params: paramsOf(route, path) };
  if (matching.length === 0) throw new Problem('not_found', { what: 'path', id: path });
  const allow = [...new Set(matching.map(({ contract }) => contract.method))].join(', ');
  throw new Problem('method_not_allowed', { method, path, allow });
}

function namesOf(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]+)')}$`);
}

function paramsOf({ names, pattern }: (typeof ROUTES)[number], path: string): Record<string, string> {
  const values = pattern.exec(path)?.slice(1) ?? [];
  return Object.fromEntries(names.map((name, index) => [name, decode(values[index] ?? '', path)]));
}

function decode(text: string, path: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Problem('not_found', { what: 'path', id: path });
  }
}

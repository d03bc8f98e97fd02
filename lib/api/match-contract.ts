import { CONTRACTS } from '../contracts/all-contracts.ts';
import type { Contract } from '../contracts/contract.ts';
import { Problem } from '../domain/problem.ts';
import { ROUTES } from '../names/routes.ts';

/** Contracts with their paths as patterns; a path without parameters goes before one with. */
const OPERATIONS = Object.values<Contract>(CONTRACTS)
  .map((contract) => ({ contract, names: namesOf(contract.path), pattern: patternOf(contract.path) }))
  .sort((a, b) => a.names.length - b.names.length);

/**
 * The operation of a method and path, with the path's parameters decoded. Throws Problem `not_found` for an unknown
 * path and `method_not_allowed` for a known one.
 *
 * HTTP APIs hand `$default` a path that is decoded already; a second time does no harm, since no parameter's schema
 * lets a percent sign or a slash through.
 */
export function matchContract(method: string, path: string): { contract: Contract; params: Record<string, string> } {
  const fitting = OPERATIONS.filter(({ pattern }) => pattern.test(path));
  const matching = fitting.filter(({ names }) => names.length === fitting[0]?.names.length);
  const route = matching.find(({ contract }) => contract.method === method);
  if (route) return { contract: route.contract, params: paramsOf(route, path) };
  const allow = [...new Set([...matching.map(({ contract }) => contract.method), ...openMethods(path)])].join(', ');
  if (allow === '') throw new Problem('not_found', { what: 'path', id: path });
  throw new Problem('method_not_allowed', { method, path, allow });
}

/** Methods of the routes without a token, which are no operations. */
function openMethods(path: string): string[] {
  return [ROUTES.openApi, ROUTES.docs].flatMap((route) =>
    route.endsWith(` ${path}`) ? [route.split(' ')[0] ?? ''] : [],
  );
}

function namesOf(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]+)')}$`);
}

function paramsOf({ names, pattern }: (typeof OPERATIONS)[number], path: string): Record<string, string> {
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

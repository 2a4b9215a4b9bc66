/**
 * Which function serves a request, as API Gateway decides: method and path, the most literal route first.
 */
import type { Route } from '../../shared/topology.ts';

export interface RouteMatch {
  readonly route: Route;
  /** Percent-decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

export type Routing =
  | ({ readonly kind: 'route' } & RouteMatch)
  | { readonly kind: 'none' }
  /** The path is not well percent-encoded. */
  | { readonly kind: 'malformed' };

export function findRoute(routes: readonly Route[], method: string, target: string): Routing {
  const path = target.split('?')[0] ?? '';
  if (decoded(path) === undefined) return { kind: 'malformed' };
  const segments = path.split('/');
  const fitting = routes
    .filter((route) => route.method === method)
    .map((route) => ({ route, parameters: parametersOf(route.path.split('/'), segments) }))
    .filter((candidate) => candidate.parameters !== undefined)
    .toSorted((a, b) => literalness(b.route) - literalness(a.route))[0];
  return fitting?.parameters === undefined
    ? { kind: 'none' }
    : { kind: 'route', route: fitting.route, parameters: fitting.parameters };
}

const literalness = (route: Route): number => route.path.split('/').filter((segment) => !segment.startsWith('{')).length;

function parametersOf(pattern: readonly string[], segments: readonly string[]): Readonly<Record<string, string>> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [position, part] of pattern.entries()) {
    const segment = segments[position] ?? '';
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined ? part !== segment : segment === '') return undefined;
    if (name !== undefined) parameters[name] = decoded(segment) ?? segment;
  }
  return parameters;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

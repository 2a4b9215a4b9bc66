/**
 * Which names lead back to themselves: groups of which each member reaches each other (Tarjan, 1972), in one pass over the graph,
 * so that a thousand journeys that all start each other cost no more than their pairs.
 */

interface Visit {
  readonly name: string;
  readonly index: number;
  /** The earliest name on the stack that it reaches. */
  low: number;
  readonly left: string[];
}

/** Each group and its names sorted; a name alone only where it leads to itself. `next` leads to names of the list alone. */
export function circles(names: readonly string[], next: (name: string) => readonly string[]): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  const indexes = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const begin = (name: string): Visit => {
    const index = indexes.size;
    indexes.set(name, index);
    open.push(name);
    isOpen.add(name);
    return { name, index, low: index, left: [...next(name)] };
  };
  for (const root of names) {
    const way = indexes.has(root) ? [] : [begin(root)];
    for (let visit = way.at(-1); visit !== undefined; visit = way.at(-1)) {
      const other = visit.left.pop();
      if (other !== undefined) {
        if (!indexes.has(other)) way.push(begin(other));
        else if (isOpen.has(other)) visit.low = Math.min(visit.low, indexes.get(other) ?? 0);
        continue;
      }
      way.pop();
      const around = way.at(-1);
      if (around !== undefined) around.low = Math.min(around.low, visit.low);
      if (visit.low !== visit.index) continue;
      const group = open.splice(open.lastIndexOf(visit.name));
      for (const name of group) isOpen.delete(name);
      if (group.length > 1 || next(visit.name).includes(visit.name)) found.push(group.toSorted());
    }
  }
  return found.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1));
}

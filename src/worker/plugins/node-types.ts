import { kindHandler } from '../../core/definition/custom-kind.js';
import type { TaskHandler } from '../../engine/ports/handlers.js';
import { CustomKinds, type RefusedPlugin } from '../../language/structure/kinds/task/custom/custom-kinds.js';
import { checkNodeType, type UsableType } from './check-node-type.js';
import { handlersOfType, mocksOfType } from './run-node-type.js';

/** What one plugin exports, or why there is nothing. */
export interface FoundPlugin {
  /** Its file, or where it was registered. */
  readonly place: string;
  /** Kinds of node, not yet looked at. */
  readonly types: readonly unknown[];
  /** Why it could not be read at all: "Expected X, but Y." */
  readonly fault?: string;
}

/** A kind of node that can be used, and where it comes from. */
export interface LoadedType extends UsableType {
  readonly place: string;
}

/** The kinds of node of this process. A plugin is loaded whole or not at all. */
export class NodeTypes {
  static readonly none = NodeTypes.of([]);

  private constructor(
    readonly loaded: readonly LoadedType[],
    readonly refused: readonly RefusedPlugin[],
  ) {}

  /** Takes plugins that are sound; of two that bring the same kind neither, since which one would run were chance. */
  static of(plugins: readonly FoundPlugin[]): NodeTypes {
    const looked = plugins.map((plugin) => look(plugin));
    const owners = new Map<string, string[]>();
    for (const { place, usable } of looked) {
      for (const { kind } of usable) owners.set(kindHandler(kind), [...(owners.get(kindHandler(kind)) ?? []), place]);
    }
    const loaded: LoadedType[] = [];
    const refused: RefusedPlugin[] = [];
    for (const { place, names, usable, reason } of looked) {
      const twice = usable.map(({ kind }) => kindHandler(kind)).find((key) => (owners.get(key)?.length ?? 0) > 1);
      const clash = twice && `Expected one plugin to bring ${twice}, but ${owners.get(twice)?.join(' and ')} do.`;
      const why = reason ?? clash;
      if (why) refused.push({ place, names, reason: why });
      else loaded.push(...usable.map((one) => ({ ...one, place })));
    }
    return new NodeTypes(loaded, refused);
  }

  get kinds(): CustomKinds {
    return new CustomKinds(
      this.loaded.map(({ kind }) => kind),
      this.refused,
    );
  }

  /** What does the work of the kinds, by the names of handlers. */
  handlers(): readonly { readonly name: string; readonly handler: TaskHandler; readonly place: string }[] {
    return this.loaded.flatMap((type) =>
      [...handlersOfType(type)].map(([name, handler]) => ({ name, handler, place: type.place })),
    );
  }

  /** What kinds answer in tests, by the names of handlers. */
  mocks(): ReadonlyMap<string, TaskHandler> {
    return new Map(this.loaded.flatMap((type) => [...mocksOfType(type)]));
  }
}

interface Looked {
  readonly place: string;
  readonly names: readonly string[];
  readonly usable: readonly UsableType[];
  readonly reason: string | null;
}

function look({ place, types, fault }: FoundPlugin): Looked {
  const names = types.flatMap((type) => nameOf(type));
  if (fault !== undefined) return { place, names, usable: [], reason: fault };
  const checked = types.map((type) => safely(type));
  const faults = checked.flatMap((one, index) => {
    if (!('faults' in one)) return [];
    const whose = types.length > 1 ? `${nameOf(types[index])[0] ?? `number ${index + 1}`}: ` : '';
    return one.faults.map((text) => `${whose}${text}`);
  });
  const usable = checked.flatMap((one) => ('faults' in one ? [] : [one]));
  return { place, names, usable, reason: faults.length > 0 ? faults.join(' ') : null };
}

/** A getter of the plugin may throw. */
function safely(type: unknown): ReturnType<typeof checkNodeType> {
  try {
    return checkNodeType(type);
  } catch (fault) {
    return { faults: [`Expected a kind of node, but it cannot be read: ${String(fault)}.`] };
  }
}

function nameOf(type: unknown): string[] {
  try {
    const { name } = Object(type) as { name?: unknown };
    return typeof name === 'string' ? [name] : [];
  } catch {
    return [];
  }
}

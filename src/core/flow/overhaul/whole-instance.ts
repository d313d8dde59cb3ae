import type { Json, JsonObject } from '../../json.js';
import type { Instance, NodeInstance } from '../instance.js';

/** All there is of an instance: every node row with its output, and what it was started with and has written. */
export interface WholeInstance {
  readonly instance: Instance;
  readonly nodes: readonly (NodeInstance & { readonly output: Json })[];
  readonly input: JsonObject;
  readonly vars: JsonObject;
}

/** Why an instance cannot go on in another version. */
export interface Obstacle {
  /** `null`: the instance as a whole. */
  readonly node: string | null;
  readonly visit: number | null;
  readonly code:
    | 'OVER'
    | 'COMPENSATING'
    | 'SAME_VERSION'
    | 'NODE_GONE'
    | 'OTHER_KIND'
    | 'WAITS_FOR_ANOTHER'
    | 'STOPPING'
    | 'ARRIVAL_LOST'
    | 'VISITED_AGAIN'
    | 'RESULT_GONE'
    | 'UNDO_GONE'
    | 'INPUT_DOES_NOT_FIT'
    | 'VARIABLE_DOES_NOT_FIT';
  readonly message: string;
}

import type { Expression } from '../../expression.js';
import type { Secretive } from '../../safe/secret-use.js';

/** How what a called flow has done is undone: by another flow, called like it. */
export interface CallUndo {
  readonly flow: string;
  /** The input of that flow, `result` being what the call gave. */
  readonly in: ReadonlyMap<string, Expression>;
}

/** How what a task has done is undone. */
export interface UndoRule extends Secretive {
  readonly handler: string;
  /** What the handler gets, `result` being what the task gave; `null`: the scope as it stands, and `result`. */
  readonly in: ReadonlyMap<string, Expression> | null;
}

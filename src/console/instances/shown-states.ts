import { Inject, Injectable } from '@nestjs/common';
import { markOf } from '../../core/diagram/marks.js';
import { InHand } from '../../engine/intake/in-hand.js';
import type { Shown } from './write-views.js';

/** The states that people see: what is stored, and whether the handler runs in this very process. */
@Injectable()
export class ShownStates {
  constructor(@Inject(InHand) private readonly inHand: InHand) {}

  readonly of: Shown = (instance, node, now) =>
    markOf(node, now, this.inHand.has({ instance, node: node.node, visit: node.visit }));
}

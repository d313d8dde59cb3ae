import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import { Identity } from '../../engine/ports/identity.js';

/** Ids by the uuid package, fingerprints by Node. */
export class NodeIdentity extends Identity {
  override next(): string {
    return v7();
  }

  override sha256(bytes: Uint8Array): string {
    return createHash('sha256').update(bytes).digest('hex');
  }
}

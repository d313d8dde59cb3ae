import type { NodeType, NodeTypeTraits } from './node-type.js';

const members: Record<keyof NodeType, true> = {
  name: true,
  version: true,
  description: true,
  schema: true,
  traits: true,
  shape: true,
  validate: true,
  execute: true,
  compensate: true,
  mock: true,
};

const traits: Record<keyof NodeTypeTraits, true> = {
  retryable: true,
  idempotent: true,
  pure: true,
  inline: true,
  remote: true,
  lease: true,
  timeout: true,
};

/** Everything that a kind of node may say of itself: what else it says is misspelt. */
export const MEMBERS: readonly string[] = Object.keys(members);
export const TRAITS: readonly string[] = Object.keys(traits);

import type { Json, JsonObject } from '../../core/json.js';

/** Instances whose input is kept, and how many values one input may have: about 20 MiB at worst. */
const MOST = 5_000;
const VALUES = 64;
/** Longest text in a kept input, in characters. */
const TEXT = 1_000;

/**
 * Start inputs that this process has read or written, by instance. An input never changes, so a copy is never stale;
 * with it the next step of the same instance needs no read. The least recently used goes first.
 */
export class KnownInputs {
  private readonly inputs = new Map<string, JsonObject>();

  get(instance: string): JsonObject | undefined {
    const input = this.inputs.get(instance);
    if (input === undefined) return undefined;
    this.inputs.delete(instance);
    this.inputs.set(instance, input);
    return input;
  }

  /** Keeps a small input; a large one is read again when it is needed. */
  put(instance: string, input: JsonObject): void {
    if (remaining(input, VALUES) < 0) return;
    this.inputs.set(instance, input);
    if (this.inputs.size <= MOST) return;
    for (const oldest of this.inputs.keys()) {
      this.inputs.delete(oldest);
      return;
    }
  }
}

/** What is left of an allowance after a value; stops looking once it is spent. */
function remaining(value: Json, allowance: number): number {
  if (typeof value === 'string') return value.length > TEXT ? -1 : allowance - 1;
  if (typeof value !== 'object' || value === null) return allowance - 1;
  let left = allowance - 1;
  for (const part of Object.values(value)) {
    if (left < 0) return left;
    left = remaining(part, left);
  }
  return left;
}

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Json, JsonObject } from '../../core/json.js';
import { readJson } from '../../core/read-json.js';
import { Refused, type Terminal } from '../terminal.js';

/**
 * A JSON object as it is given on the command line: the object itself, the name of a file, or `-` for the standard
 * input. It is read by the same guard as everywhere.
 */
export async function readInput(given: string | undefined, terminal: Terminal): Promise<JsonObject> {
  if (given === undefined) return {};
  const answer = readJson(await bytesOf(given, terminal));
  if (answer.ok) return answer.value;
  throw new Refused(`${answer.error.message} (${answer.error.code} in the input)`, 2);
}

/** A JSON list as it is given on the command line: the list itself, the name of a file, or `-` for the standard input. */
export async function readItems(given: string | undefined, terminal: Terminal): Promise<readonly Json[]> {
  if (given === undefined) return [];
  const list = await bytesOf(given, terminal);
  const answer = readJson(Buffer.concat([Buffer.from('{"items":'), list, Buffer.from('}')]));
  const items = answer.ok ? answer.value['items'] : undefined;
  if (Array.isArray(items)) return items;
  const why = answer.ok ? 'it is something else' : `it cannot be read as one (${answer.error.code})`;
  throw new Refused(`Expected a JSON list of items, but ${why}. Give [1, 2], a file, or -.`, 2);
}

async function bytesOf(given: string, { cwd, stdin }: Terminal): Promise<Uint8Array> {
  if (given === '-') return Buffer.from(await stdin());
  if (/^\s*[[{]/.test(given)) return Buffer.from(given);
  try {
    return readFileSync(resolve(cwd, given));
  } catch {
    throw new Refused(`Expected an input file at ${given}, but it cannot be read. Give JSON, a file, or -.`, 2);
  }
}

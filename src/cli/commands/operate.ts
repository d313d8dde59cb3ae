import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ApiClient, ApiRefusal } from '../api/api-client.js';
import { readInput } from '../input/read-input.js';
import { Refused, type Terminal, visible } from '../terminal.js';

export interface StartOptions {
  readonly input?: string;
  readonly key?: string;
  readonly flowVersion?: string;
  readonly receipt?: string;
  readonly json?: boolean;
}

interface Started {
  readonly id: string;
  readonly flow: string;
  readonly version: number;
  readonly status: string;
  readonly duplicate?: true;
}

/** Starts an instance on a running server. */
export async function start(flow: string, options: StartOptions, terminal: Terminal): Promise<number> {
  const { key, flowVersion, json, receipt = randomUUID() } = options;
  const input = await readInput(options.input, terminal);
  const version = flowVersion === undefined ? {} : { version: wholeNumber(flowVersion, '--flow-version') };
  const body = { flow, input, ...version, ...(key === undefined ? {} : { key }) };
  const started = await new ApiClient(terminal).post<Started>('/instances', body, receipt);
  if (json) terminal.out(JSON.stringify(started, null, 2));
  else terminal.out(started.id);
  if (started.duplicate) terminal.err(`It was there before: ${started.flow} v${started.version} is ${started.status}.`);
  return 0;
}

/** Gives incidents another round of attempts. */
export async function retry(
  id: string,
  { node, visit }: { node?: string; visit?: string },
  terminal: Terminal,
): Promise<number> {
  // An empty name is one that a script has lost: it must not come to mean all of them.
  if (node === '') throw new Refused('Expected --node to name a node, but it is empty. Leave it out for all.', 2);
  if (visit !== undefined && node === undefined)
    throw new Refused('Expected --visit beside --node, but there is no --node. Say of which node.', 2);
  const body = {
    ...(node !== undefined && { node }),
    ...(visit !== undefined && { visit: wholeNumber(visit, '--visit') }),
  };
  await new ApiClient(terminal).post(`/instances/${encodeURIComponent(id)}/retry`, body);
  terminal.err(`Retrying. Look with: sluice show ${id}`);
  return 0;
}

export interface SettleOptions {
  readonly reason: string;
  readonly participant?: string;
  readonly visit?: string;
}

/** Declares that a participant which could not confirm, or cancel, is settled. */
export async function settle(
  { id, node }: { readonly id: string; readonly node: string },
  { reason, participant, visit }: SettleOptions,
  terminal: Terminal,
): Promise<number> {
  const body = {
    node,
    reason,
    ...(participant !== undefined && { participant }),
    ...(visit !== undefined && { visit: wholeNumber(visit, '--visit') }),
  };
  await new ApiClient(terminal).post(`/instances/${encodeURIComponent(id)}/settle`, body);
  terminal.err(`It counts as settled. Look with: sluice show ${id}`);
  return 0;
}

/** Ends an instance as cancelled. */
export async function cancel(id: string, terminal: Terminal): Promise<number> {
  await new ApiClient(terminal).post(`/instances/${encodeURIComponent(id)}/cancel`, {});
  terminal.err('Cancelled.');
  return 0;
}

export interface CompleteOptions {
  readonly output?: string;
  readonly visit?: string;
}

/** Completes a manual node with what its form asks for. */
export async function complete(
  { id, node }: { readonly id: string; readonly node: string },
  { output, visit }: CompleteOptions,
  terminal: Terminal,
): Promise<number> {
  const body = {
    output: await readInput(output, terminal),
    ...(visit !== undefined && { visit: wholeNumber(visit, '--visit') }),
  };
  const path = `/instances/${encodeURIComponent(id)}/nodes/${encodeURIComponent(node)}/complete`;
  const done = await new ApiClient(terminal).post<{ duplicate?: true }>(path, body);
  terminal.err(done.duplicate ? 'It was completed before, with the same.' : 'Completed.');
  return 0;
}

/** Holds the new work of an instance, or lets it go on. */
export async function hold(id: string, verb: 'pause' | 'resume', terminal: Terminal): Promise<number> {
  await new ApiClient(terminal).post(`/instances/${encodeURIComponent(id)}/${verb}`, {});
  terminal.err(verb === 'pause' ? 'Paused. What runs goes on; what follows waits.' : 'Resumed.');
  return 0;
}

export interface MessageOptions {
  readonly payload?: string;
  readonly id?: string;
  readonly ttl?: string;
}

interface Sent {
  readonly id: string;
  readonly takenBy: { readonly instance: string; readonly node: string } | null;
  readonly started?: readonly { readonly instance: string; readonly trigger: string }[];
  readonly duplicate?: true;
}

/** Sends a message to the flow that waits for it, or will; writes the instance that went on with it, and those that it started. */
export async function message(name: string, options: MessageOptions, terminal: Terminal): Promise<number> {
  const { id = randomUUID(), ttl } = options;
  const payload = await readInput(options.payload, terminal);
  const ttlSeconds = ttl === undefined ? {} : { ttlSeconds: wholeNumber(ttl, '--ttl') };
  const body = { name, payload, ...ttlSeconds };
  const sent = await new ApiClient(terminal).post<Sent>('/messages', body, id);
  const { takenBy, started = [] } = sent;
  if (takenBy) terminal.out(`${takenBy.instance} ${takenBy.node}`);
  for (const { instance, trigger } of started) terminal.out(`${instance} ${trigger}`);
  if (takenBy === null && started.length === 0)
    terminal.err(sent.duplicate ? 'It was there before.' : 'Nobody waits for it yet; it is kept.');
  return 0;
}

interface Published {
  readonly flow: string;
  readonly version: number;
  readonly problems: readonly { line: number; column: number; code: string; message: string; hint: string | null }[];
}

/** Publishes one file on a running server. */
export async function publish(
  file: string,
  { flowVersion }: { flowVersion?: string },
  terminal: Terminal,
): Promise<number> {
  const source = textOf(file, terminal);
  const version = flowVersion === undefined ? {} : { version: wholeNumber(flowVersion, '--flow-version') };
  const tell = (problems: Published['problems']): void => {
    for (const { line, column, code, message, hint } of problems) {
      terminal.err(visible(`${file}:${line}:${column}: ${code} ${message}${hint ? ` ${hint}` : ''}`));
    }
  };
  try {
    const answer = await new ApiClient(terminal).post<Published>('/definitions', { source, ...version });
    tell(answer.problems);
    terminal.out(`${answer.flow} v${answer.version}`);
    return 0;
  } catch (error) {
    if (error instanceof ApiRefusal && Array.isArray(error.problem.problems)) tell(error.problem.problems);
    throw error;
  }
}

function textOf(file: string, { cwd }: Terminal): string {
  try {
    // What is no UTF-8 would be published as another text than the one in the file.
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(resolve(cwd, file)));
  } catch (fault) {
    const why = fault instanceof TypeError ? 'is no UTF-8' : 'cannot be read';
    throw new Refused(`Expected a definition at ${file}, but it ${why}.`, 2);
  }
}

function wholeNumber(text: string, name: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Refused(`Expected ${name} to be a whole number from 1, but it is '${text}'.`, 2);
}

import type { JsonObject } from '../core/json.js';
import type { Engine } from '../engine/engine.js';
import type { PublishAnswer, Publisher } from '../engine/ports/publisher.js';
import type { InstanceView, Views } from '../engine/ports/views.js';
import type { StartCommand, Started } from '../engine/start/start-instance.js';
import { plainObject } from './plain-object.js';

/** Why something was not done: a code and a sentence. */
export class SluiceRefusal extends Error {
  override readonly name = 'SluiceRefusal';

  constructor(
    /** `UNKNOWN_FLOW`, `INVALID_INPUT`, `BUSY` and so on, as the HTTP API has them. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Who did it, for the history of the instance. */
const BY = 'the application';

/** What an application does with its flows. Given by `SluiceModule`. */
export class Sluice {
  constructor(
    private readonly engine: Engine,
    private readonly views: Views,
    private readonly publisher: Publisher,
  ) {}

  /**
   * Starts an instance. It is stored when this resolves. The same `receipt` sent again within 30 days is the same start.
   * @throws {SluiceRefusal} when the flow is unknown, its input is refused, or too much waits to be done.
   */
  async start(
    command: Pick<StartCommand, 'flow' | 'version' | 'key' | 'receipt' | 'input'>,
  ): Promise<Omit<Started, 'sent' | 'stands'>> {
    if (typeof command?.flow !== 'string')
      throw new SluiceRefusal(
        'UNKNOWN_FLOW',
        'Expected the id of a flow to start, but there is none. Name it in `flow`.',
      );
    const answer = await this.engine.startInstance.execute({ ...command, input: given(command.input) });
    if (!answer.ok) throw new SluiceRefusal(answer.error.code, answer.error.message);
    const { sent: _sent, stands: _stands, ...started } = answer.value;
    return started;
  }

  /**
   * Sends a message to whoever waits for it, and to triggers. The same `id` sent again is the same message.
   * @throws {SluiceRefusal}
   */
  async send(name: string, payload: JsonObject, id?: string): Promise<void> {
    const command = { name: String(name), payload: given(payload), ...(id !== undefined && { id }) };
    const answer = await this.engine.beside.messaging.send.execute(command);
    if (!answer.ok) throw new SluiceRefusal(answer.error.code, answer.error.message);
  }

  /** An instance with its nodes, variables and incidents; `null`: there is none. */
  instance(id: string): Promise<InstanceView | null> {
    return this.views.instance(id);
  }

  /** @throws {SluiceRefusal} when it is over, or unknown. */
  async cancel(instance: string, by = BY): Promise<void> {
    const answer = await this.engine.cancelInstance.execute({ instance, by });
    if (!answer.ok) throw new SluiceRefusal(codeOf(answer.error.reason), answer.error.message);
  }

  /**
   * Tries again what has failed: all of it, or the latest visit to one node.
   * @throws {SluiceRefusal} when there is no incident.
   */
  async retry(instance: string, node: string | null = null, by = BY): Promise<void> {
    const visits = node === null ? [] : ((await this.views.instance(instance))?.nodes ?? []);
    const visit = Math.max(1, ...visits.filter((row) => row.node === node).map((row) => row.visit));
    const only = node === null ? null : { node, visit };
    const answer = await this.engine.retryIncidents.execute({ instance, only, by });
    if (!answer.ok) throw new SluiceRefusal(codeOf(answer.error.reason), answer.error.message);
  }

  /** Publishes a definition; with an error among its problems `version` is `null`, and nothing is published. */
  publish(source: string, file = 'source'): Promise<PublishAnswer> {
    return this.publisher.execute({ source, file });
  }
}

/** @throws {SluiceRefusal} for what would not be read back as it is. */
function given(value: unknown): JsonObject {
  const plain = plainObject(value);
  if (plain.ok) return plain.value;
  throw new SluiceRefusal(plain.error.code, plain.error.message);
}

/** `nothing-to-retry` → `NOTHING_TO_RETRY` */
const codeOf = (reason: string): string => reason.toUpperCase().replaceAll('-', '_');

import type { Definition } from '../../core/definition/definition.js';
import { type PinnedPlay, PLAY_MEMBER } from '../../core/definition/starting/play.js';
import { ExpressionFailure } from '../../core/expression.js';
import { newInstance } from '../../core/flow/advance.js';
import type { Caller, InstanceStatus } from '../../core/flow/instance.js';
import { CONTEXT_LIMIT } from '../../core/flow/walk/context.js';
import { type JsonObject, jsonBytes } from '../../core/json.js';
import { err, ok, type Result } from '../../core/result.js';
import { Draft, type Outlook } from '../commit/draft.js';
import type { Catalog, InputViolation, Published } from '../ports/catalog.js';
import type { Identity } from '../ports/identity.js';
import type { Views } from '../ports/views.js';
import type { Backlog } from './backlog.js';
import { businessKey } from './business-key.js';
import { type AdmitPlay, takesNoPlays } from './plays/admit-play.js';
import type { Stands } from './plays/stands.js';
import type { StartRefusal } from './refusal.js';
import type { StartBatches } from './start-batches.js';

export interface StartCommand {
  readonly flow: string;
  /** The play that starts it; its flow is that of the command, or the command names none. */
  readonly play?: string;
  /** What the play was when it let the start in; for who has asked it already. */
  readonly pinned?: PinnedPlay;
  /** Omitted: the newest. */
  readonly version?: number;
  /** Overrides the definition's `key`. */
  readonly key?: string;
  /** The business key where neither `key` nor the definition gives one. */
  readonly keyElse?: string;
  /** The start's identity: AMQP message id, `Idempotency-Key`. Remembered for 30 days. */
  readonly receipt?: string;
  readonly input: unknown;
  /** The node instance that calls it. Work that a flow asks for is never told to come later. */
  readonly caller?: Caller;
}

export interface Started {
  readonly id: string;
  readonly flow: string;
  readonly version: number;
  readonly key: string | null;
  readonly status: InstanceStatus;
  /** True when the instance was there before this start. */
  readonly duplicate: boolean;
  /** Of a duplicate, how its instance came to stand for this start: and since when it is there. */
  readonly stands?: Stands;
  /** Resolves when the broker has been told of its first work. Whoever acknowledges a message waits for it. */
  readonly sent: Promise<void>;
}

/** Creates an instance, or answers with the one that stands for the same start. Stored before it answers. */
export class StartInstance {
  constructor(
    private readonly catalog: Catalog,
    private readonly batches: StartBatches,
    private readonly identity: Identity,
    private readonly backlog: Backlog,
    private readonly outlook: () => Outlook,
    private readonly views: Views,
    private readonly admit: Pick<AdmitPlay, 'execute'>,
  ) {}

  /** @throws {StoreUnavailable} when the database is away; the same command may be sent again. */
  async execute(command: StartCommand): Promise<Result<Started, StartRefusal>> {
    if (!command.caller && (await this.backlog.isFull())) return err(BUSY);
    if (command.play !== undefined && !command.pinned) return this.played(command, command.play);
    const published = await this.catalog.get(command.flow, command.version);
    if (!published) return err(unknownFlow(command));
    const { definition, checkInput } = published;
    const { pinned = null } = command;
    const unfit = unfitPlay(published, pinned);
    if (unfit) return err(unfit);

    if (!isObject(command.input))
      return err(invalidInput('Expected the input to be a JSON object, but it is not.', []));
    if (!pinned && Object.hasOwn(command.input, PLAY_MEMBER)) return err(invalidInput(PLAY_MEMBER_TAKEN, []));
    const input = pinned ? { ...command.input, [PLAY_MEMBER]: { ...pinned } } : command.input;
    const bytes = jsonBytes(input);
    if (bytes > CONTEXT_LIMIT) return err(invalidInput(tooLargeText(bytes), []));
    const violations = checkInput(command.input);
    if (violations.length > 0) return err(invalidInput(violationText(command.flow, violations), violations));

    const key = keyOf(definition, command);
    if (!key.ok) return key;
    const id = this.identity.next();
    const { flow, version } = definition;
    const answer = await this.batches.execute({
      id,
      flow,
      key: key.value,
      receipt: command.receipt ?? null,
      input,
      ...(pinned && { play: pinned.code }),
      draft: (now) => {
        const draft = new Draft(
          definition,
          newInstance({ id, flow, version, key: key.value, at: now, caller: command.caller }),
          [],
          this.outlook(),
        );
        draft.apply({ type: 'started', at: now, input });
        return draft;
      },
    });
    const { duplicate, sent, status, byKey } = answer;
    const there = duplicate ? await this.shownAs(answer.id, byKey === true) : null;
    return ok({ id: answer.id, flow, version, key: key.value, status, ...there, duplicate, sent });
  }

  /** Asks the play, then starts with what it is now. */
  private async played(command: StartCommand, play: string): Promise<Result<Started, StartRefusal>> {
    if (!isObject(command.input))
      return err(invalidInput('Expected the input to be a JSON object, but it is not.', []));
    const { input, receipt = null } = command;
    const admitted = await this.admit.execute({ play, input, receipt });
    if (!admitted.ok) return admitted;
    const { flow, pinned, settle } = admitted.value;
    if (command.flow !== '' && command.flow !== flow) {
      await settle('refused');
      return err(otherFlow(play, flow, command.flow));
    }
    const answer = await this.execute({ ...command, flow, pinned });
    if (answer.ok) await settle(answer.value.duplicate ? 'duplicate' : 'started', answer.value.stands);
    else await settle(answer.error.code === 'BUSY' ? 'later' : 'refused');
    return answer;
  }

  /** What was there before may be of an older version, have another key, and be over. */
  private async shownAs(
    id: string,
    byKey: boolean,
  ): Promise<Pick<Started, 'version' | 'key' | 'status' | 'stands'> | null> {
    const state = (await this.views.states([id])).items[0];
    if (!state) return null;
    const { version, key, status, startedAt } = state.instance;
    return { version, key, status, stands: { byKey, since: startedAt } };
  }
}

const BUSY: StartRefusal = {
  code: 'BUSY',
  message: 'Expected room for one more instance, but too much work lies in the lanes. Send the same start again later.',
};

/** Parameters are checked once more: the flow may have been published anew since the play was written. */
function unfitPlay({ definition, plays }: Published, pinned: PinnedPlay | null): StartRefusal | null {
  const { flow } = definition;
  if (!plays) return pinned ? takesNoPlays(flow, pinned.code) : null;
  if (!pinned) {
    const message = `Expected '${flow}' to be started by a play, for it says under \`play\` what one configures, but none was named.`;
    return { code: 'NO_PLAY', message };
  }
  const violations = plays.checkParams(pinned.params);
  if (violations.length === 0) return null;
  const told = violations.map(({ message }) => message).join(' ');
  return { code: 'INVALID_PLAY', message: `${told} Change the play '${pinned.code}'.`, violations };
}

const otherFlow = (play: string, is: string, named: string): StartRefusal => ({
  code: 'INVALID_PLAY',
  message: `Expected a play of '${named}', but '${play}' is one of '${is}'. Leave out the flow, or name that.`,
});

const isObject = (input: unknown): input is JsonObject =>
  typeof input === 'object' && input !== null && !Array.isArray(input);

function keyOf(definition: Definition, command: StartCommand): Result<string | null, StartRefusal> {
  try {
    const given =
      command.key ?? definition.key?.value({ input: command.input as JsonObject }) ?? command.keyElse ?? null;
    return businessKey(given);
  } catch (fault) {
    if (!(fault instanceof ExpressionFailure)) throw fault;
    return err({
      code: 'INVALID_KEY',
      message: `Expected the key '${fault.text}' to have a value, but it has none: ${fault.message}`,
    });
  }
}

const unknownFlow = ({ flow, version }: StartCommand): StartRefusal => ({
  code: 'UNKNOWN_FLOW',
  message: `Expected a published flow '${flow}'${version === undefined ? '' : ` version ${version}`}, but there is none. Publish it, or check the name.`,
});

const invalidInput = (message: string, violations: readonly InputViolation[]): StartRefusal => ({
  code: 'INVALID_INPUT',
  message,
  violations,
});

const tooLargeText = (bytes: number): string =>
  `Expected the input to have at most ${CONTEXT_LIMIT} bytes as JSON, but it has ${bytes}. Store large values elsewhere and send a reference.`;

const PLAY_MEMBER_TAKEN = `Expected an input without '${PLAY_MEMBER}', but it has one: that is where the play stands that started an instance. Rename it.`;

/** Each violation is a sentence of its own: of each what is wrong is said, after what was expected of all. */
const violationText = (flow: string, violations: readonly InputViolation[]): string =>
  `Expected the input to fit the schema of '${flow}', but ${violations.map(({ message }) => wrongIn(message)).join('; ')}.`;

const wrongIn = (sentence: string): string => sentence.replace(/^Expected .*?, but (?=.)/s, '').replace(/\.$/, '');

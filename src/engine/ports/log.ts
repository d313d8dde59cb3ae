/** Structured log lines. `facts` never holds contexts, outputs or secrets. */
export abstract class Log {
  abstract info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  abstract warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
  abstract error(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

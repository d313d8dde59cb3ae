/** Ids and fingerprints; chance and crypto stay outside the engine. */
export abstract class Identity {
  /** A UUIDv7: ordered by time. */
  abstract next(): string;
  /** Lower-case hex. */
  abstract sha256(bytes: Uint8Array): string;
}

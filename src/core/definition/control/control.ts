/** What every node can say of how it is entered and left, whatever it does. */
export interface Control {
  /** Groups of nodes that it belongs to, each cancelled as a whole; absent: none. */
  readonly scopes?: readonly string[];
}
